import { Bug } from "lucide-react";
import { Component, type ReactNode } from "react";
import { useText } from "~/i18n";
import { Button, EmptyState, useWords } from "~/kit";

/** What stands where a page broke: a bug of ours, told as one. */
export function Crash({ error, onReset }: { error: unknown; onReset: () => void }) {
  const text = useText();
  const words = useWords();
  return (
    <EmptyState
      icon={Bug}
      title={text.frame.crashed.title}
      action={
        <>
          <Button onClick={onReset}>{text.frame.crashed.reload}</Button>
          <Button
            kind="ghost"
            onClick={() => void words.copyText(words.describeError(error).details)}
          >
            {words.copyDetails}
          </Button>
        </>
      }
    >
      {text.frame.crashed.why}
    </EmptyState>
  );
}

/** Catches what breaks outside any page, so that the window never stays empty. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <Crash error={this.state.error} onReset={() => this.setState({ error: null })} />;
  }
}
