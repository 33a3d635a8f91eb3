/** One block of the home page: its title says its definition when pointed at or focused. */
import { Tooltip } from "antd";
import { type ReactNode, useId } from "react";

export function Card(props: {
  readonly title: string;
  readonly about?: string;
  readonly extra?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`card ${props.className ?? ""}`} aria-labelledby={id}>
      <header className="card-head">
        <h2 id={id}>
          {props.about ? (
            <Tooltip title={props.about} trigger={["hover", "focus"]}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition opens on focus too */}
              <span className="defined" tabIndex={0}>
                {props.title}
              </span>
            </Tooltip>
          ) : (
            props.title
          )}
        </h2>
        {props.extra && <div className="card-extra">{props.extra}</div>}
      </header>
      {props.children}
    </section>
  );
}
