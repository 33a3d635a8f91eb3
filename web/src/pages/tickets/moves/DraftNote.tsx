/** 草稿说明. Said when the same form was filled in elsewhere too: which words stand, and the others one press away. */
import { Button } from "antd";
import { T } from "../../../texts.ts";
import { minuteText } from "../../../ui/dates.ts";
import { Notice } from "../../../ui/States.tsx";
import type { DraftWord } from "../../../ui/useDraft.ts";

export function DraftNote({ word }: { word: DraftWord }) {
  const at = minuteText(word.reunion.elsewhereAt);
  const told =
    word.reunion.stands === "here"
      ? T.moves.draftHereNewer(at)
      : word.swap
        ? T.moves.draftElsewhereNewer(at)
        : T.moves.draftElsewhere(at);
  return (
    <div className="field-gap">
      <Notice onClose={word.close}>
        {told}{" "}
        {word.swap && (
          <Button size="small" onClick={word.swap}>
            {T.moves.draftSwap}
          </Button>
        )}
      </Notice>
    </div>
  );
}
