/** An address that leads nowhere, and a page that broke: what happened and where to go. */
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { sentenceOf } from "../api/problem.ts";
import { T } from "../texts.ts";
import { EmptyState, Failed } from "../ui/States.tsx";

export function Missing() {
  return (
    <EmptyState title={T.frame.missing} actions={<Link to="/">{T.frame.toHome}</Link>}>
      {T.frame.missingAbout}
    </EmptyState>
  );
}

export function PageFailed({ error }: { error: unknown }) {
  return (
    <div className="page-body" style={{ paddingTop: 18 }}>
      <Failed sentence={sentenceOf(error)} />
      <Button className="field-gap" onClick={() => location.reload()}>
        {T.frame.reload}
      </Button>
    </div>
  );
}
