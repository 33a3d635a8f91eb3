/** A stretch of the page that scrolls by itself, named and reachable by keyboard. */
import type { ReactNode } from "react";

export function ScrollRegion(props: {
  readonly label: string;
  readonly className: string;
  readonly maxHeight?: string;
  readonly children: ReactNode;
}) {
  return (
    <section
      className={props.className}
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      style={props.maxHeight ? { maxHeight: props.maxHeight } : {}}
    >
      {props.children}
    </section>
  );
}
