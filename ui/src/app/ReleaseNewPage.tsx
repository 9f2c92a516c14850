import { ArtifactPicker } from "~/features/artifact/ArtifactPicker";
import { NewReleasePage } from "~/features/release/NewReleasePage";

/** A new release, with what the registry has to choose from. */
export default function ReleaseNewPage() {
  return <NewReleasePage picker={ArtifactPicker} />;
}
