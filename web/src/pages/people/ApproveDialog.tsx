/** 批准启用. What the draft would move is in sight before somebody else's word puts it in force. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { RuleLook } from "./RuleLook.tsx";
import type { RuleVersion } from "./rulequeries.ts";

export function ApproveDialog(props: {
  readonly version: RuleVersion;
  readonly onApprove: () => void;
  readonly onClose: () => void;
}) {
  const { kind, from, source, body, name } = props.version;
  const draft = { kind, from, source, body };
  const looked = useQuery({
    queryKey: ["rule-look", name, props.version.version],
    queryFn: () => bodyOf(http.POST("/api/settings/rules/look", { body: draft })),
    gcTime: 0,
  });
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
            disabled={!looked.data || looked.data.problems.length > 0}
            onClick={props.onApprove}
          >
            {ADMIN.approve}
          </Button>
        </>
      }
    >
      {looked.isPending && <Loading what={ADMIN.preview.looking} />}
      {looked.isError && <Failed sentence={sentenceOf(looked.error)} retry={() => void looked.refetch()} />}
      {looked.data && <RuleLook looked={looked.data} draft={draft} />}
    </Dialog>
  );
}
