/** 批准启用. What the draft would move is in sight before somebody else's word puts it in force. */
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { RuleLook } from "./RuleLook.tsx";
import type { RuleVersion } from "./rulequeries.ts";

export function ApproveDialog(props: {
  readonly version: RuleVersion;
  readonly onApprove: (confirmBackwards: boolean) => void;
  readonly onClose: () => void;
}) {
  const { kind, from, source, body, name } = props.version;
  const draft = { kind, from, source, body };
  const [confirmed, setConfirmed] = useState(false);
  const looked = useQuery({
    queryKey: ["rule-look", name, props.version.version],
    queryFn: () => bodyOf(http.POST("/api/settings/rules/look", { body: draft })),
    gcTime: 0,
  });
  const backwards = looked.data?.periods?.backwards ?? null;
  return (
    <Dialog
      title={`${ADMIN.approve}：${name}`}
      onClose={props.onClose}
      width={980}
      footer={
        <>
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button
            type="primary"
            disabled={!looked.data || looked.data.problems.length > 0 || (backwards !== null && !confirmed)}
            onClick={() => props.onApprove(confirmed)}
          >
            {ADMIN.approve}
          </Button>
        </>
      }
    >
      {looked.isPending && <Loading what={ADMIN.preview.looking} />}
      {looked.isError && <Failed sentence={sentenceOf(looked.error)} retry={() => void looked.refetch()} />}
      {looked.data && <RuleLook looked={looked.data} draft={draft} />}
      {backwards !== null && (
        <Notice tone="near">
          <p>{backwards}</p>
          <Checkbox checked={confirmed} onChange={(e) => setConfirmed(e.target.checked)}>
            {ADMIN.confirmBackwards}
          </Checkbox>
        </Notice>
      )}
    </Dialog>
  );
}
