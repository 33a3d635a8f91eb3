/** 往来记录. Every step with who said it to whom, by which means, and its files; the newest first. */
import { LIAISON } from "../../texts/liaison.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import type { Liaison } from "./queries.ts";

const L = LIAISON;

export function Exchanges({ item }: { item: Liaison }) {
  return (
    <DetailPanel title={`${L.exchanges} ${item.steps.length}`}>
      <ol className="liaison-exchanges">
        {item.steps.toReversed().map((step) => (
          <li key={step.id}>
            <p>
              <strong>{step.from || step.by}</strong> {step.stepZh}
              {step.to.length > 0 && `（${L.toWord}${step.to.join("、")}）`}{" "}
              <time className="quiet" dateTime={step.saidAt}>
                {minuteText(step.saidAt)}
              </time>
            </p>
            {step.words !== "" && <p className="case-words">{step.words}</p>}
            {step.about !== "" && <p className="quiet">{step.about}</p>}
            {step.files.length > 0 && (
              <p className="liaison-files">
                {step.files.map((file) => (
                  <a
                    key={file.id}
                    href={`/api/liaisons/${item.id}/files/${file.id}?show=1`}
                    target="_blank"
                    rel="noreferrer"
                  >
                    {file.name}
                  </a>
                ))}
              </p>
            )}
            <p className="quiet">
              {[L.saidVia(step.means, step.contact), L.recordedBy(`${step.roleZh}${step.by}`)]
                .filter((words) => words !== "")
                .join(" · ")}
            </p>
          </li>
        ))}
      </ol>
    </DetailPanel>
  );
}
