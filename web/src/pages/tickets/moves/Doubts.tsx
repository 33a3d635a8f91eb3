/** 用语提示. What is asked about the words of one field while they are typed; nothing here stops the sending. */
import type { Doubt } from "@jiesu/core/ticket/wording.ts";
import { T } from "../../../texts.ts";

export function Doubts(props: { of: readonly Doubt[]; onMend: (words: string) => void }) {
  if (props.of.length === 0) return null;
  return (
    <ul className="doubts" aria-live="polite">
      {props.of.map((doubt) => (
        <li key={doubt.zh}>
          {doubt.zh}
          {doubt.mended !== undefined && (
            <button type="button" onClick={() => props.onMend(doubt.mended ?? "")}>
              {T.moves.coverNumbers}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
