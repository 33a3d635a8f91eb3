/** A titled block of a page that shows one thing in full. */
import { type ReactNode, useId } from "react";

export function DetailPanel(props: {
  readonly title: string;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header className="panel-head">
        <h3 id={id}>{props.title}</h3>
        {props.extra && <div className="panel-extra">{props.extra}</div>}
      </header>
      <div className="panel-body">{props.children}</div>
    </section>
  );
}

/** Names and values, in two columns; what is empty is left out. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {of
        .filter(([, value]) => value !== "" && value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name} className="fact" data-short={isShort(name, value) || undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Widths of a Latin letter that half a side column holds. */
const HALF = 19;

/** Whether it may share its line with another where the page lays facts two by two. */
function isShort(name: string, value: ReactNode): boolean {
  if (typeof value !== "string" && typeof value !== "number") return false;
  return widthOf(name) + widthOf(String(value)) <= HALF;
}

const widthOf = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > "\u2e80" ? 2 : 1), 0);
