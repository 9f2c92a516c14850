import { RunningPage as Running } from "~/features/instance/RunningPage";
import { DeploymentInfo } from "~/features/release/DeploymentInfo";
import { GroupHistory } from "~/features/release/GroupHistory";

/** What runs of a group, with the releases that brought it. */
export default function RunningPage() {
  return <Running info={DeploymentInfo} history={GroupHistory} />;
}
