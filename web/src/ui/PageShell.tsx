/** The outline of an ordinary page: its title, a word on what it is, actions at the right, the body below. */
import { type ReactNode, useEffect } from "react";

export function PageShell(props: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  useTitle(props.title);
  return (
    <div className="page scrolls">
      <header className="page-head">
        <h1>{props.title}</h1>
        {props.about && <p>{props.about}</p>}
        {props.actions && <div className="page-actions">{props.actions}</div>}
      </header>
      <div className="page-body">{props.children}</div>
    </div>
  );
}

/** The browser tab says where one is. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · 接诉`;
  }, [title]);
}
