/** 批量结果. What came of many at once: how many were done, and each that was refused with the sentence of a single one. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { BulkReport } from "../../api/types.ts";
import { T } from "../../texts.ts";

interface Outcome {
  readonly done: readonly { readonly id: string }[];
  readonly refused: readonly BulkReport["refused"][number][];
}

/** How many were done, and each that was not. */
export function BulkReportTable(props: {
  readonly outcome: Outcome;
  readonly doneCount: string;
  readonly refusedCount: string;
  /** The buttons below. */
  readonly children: ReactNode;
}) {
  const { refused } = props.outcome;
  return (
    <>
      <p>
        {props.doneCount}，<strong>{props.refusedCount}</strong>
      </p>
      <section className="bulk-refused scrolls" aria-label={props.refusedCount}>
        <table className="work-table">
          <thead>
            <tr>
              <th scope="col">{T.queue.number}</th>
              <th scope="col">{T.queue.why}</th>
            </tr>
          </thead>
          <tbody>
            {refused.map((each) => (
              <tr key={each.id}>
                <td data-nowrap>
                  <Link to="/tickets/$id" params={{ id: each.id }} target="_blank">
                    {each.number || each.id}
                  </Link>
                </td>
                <td>{each.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="bulk-foot">{props.children}</div>
    </>
  );
}
