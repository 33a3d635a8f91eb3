/** 页面的一部分, whose code comes when it is first shown. Where it cannot come the rest of the page stays as it is. */
import { type ComponentType, lazy } from "react";
import { T } from "../texts.ts";
import { whenThere } from "./arriving.ts";
import "./part.css";

/** As React's lazy, but a server that is restarting is waited for, and what is gone says so in its own place. */
export function part<P extends object>(load: () => Promise<{ readonly default: ComponentType<P> }>) {
  return lazy(() =>
    whenThere(load).catch((): { default: ComponentType<P> } => ({ default: () => <NotThere /> })),
  );
}

function NotThere() {
  return (
    <p className="card part-missing quiet">
      {T.frame.partMissing}{" "}
      <button type="button" className="plain-button" onClick={() => window.location.reload()}>
        {T.frame.reload}
      </button>
    </p>
  );
}
