/** 可信程度. What is stated against what past periods gave, by size of unit too; how fresh it is, and how it is reckoned. */
import type { Outlook } from "../../api/types.ts";
import { OUTLOOK } from "../../texts/outlook.ts";
import { minuteText } from "../../ui/dates.ts";
import { WorkTable } from "../../ui/WorkTable.tsx";

type Calibration = NonNullable<Outlook["calibration"]>;
type BySize = Calibration["bySize"][number];

export function Trust({ outlook }: { outlook: Outlook }) {
  const { calibration } = outlook;
  return (
    <section className="card trust" aria-label={OUTLOOK.trust}>
      <p>
        <strong>{OUTLOOK.trust}</strong>：{OUTLOOK.stated(percent(outlook.stated, 0))}。
        {calibration === null ? OUTLOOK.uncalibrated : <Found of={calibration} />}
      </p>
      <p className="quiet">
        {OUTLOOK.fresh(outlook.reckonedOn, minuteText(outlook.reckonedAt))}。
        {OUTLOOK.repeatable(outlook.seed)}
      </p>
      <details>
        <summary>{OUTLOOK.how}</summary>
        <ul>
          {OUTLOOK.howLines.map((line) => (
            <li key={line}>{line}</li>
          ))}
          {calibration && <li>{OUTLOOK.foundAbout}</li>}
        </ul>
        {calibration && <Sizes of={calibration.bySize} />}
      </details>
    </section>
  );
}

function Found({ of }: { of: Calibration }) {
  return (
    <>
      {OUTLOOK.found(of.periods, of.of, of.held, percent(of.share, 1))}；{OUTLOOK.width(of.width.toFixed(1))}
      。
    </>
  );
}

function Sizes({ of }: { of: readonly BySize[] }) {
  return (
    <WorkTable
      label={OUTLOOK.size}
      rows={of}
      rowKey={(row) => row.size}
      columns={[
        {
          key: "size",
          title: OUTLOOK.size,
          cell: (row) =>
            OUTLOOK.sizeOf(OUTLOOK.sizes[row.size], row.from, of[of.indexOf(row) + 1]?.from ?? null),
        },
        { key: "of", title: OUTLOOK.unitMonths, align: "right", cell: (row) => row.of },
        {
          key: "share",
          title: OUTLOOK.heldShare,
          align: "right",
          nowrap: true,
          cell: (row) => (row.share === null ? OUTLOOK.none : `${row.held}（${percent(row.share, 1)}）`),
        },
        {
          key: "width",
          title: OUTLOOK.meanWidth,
          align: "right",
          nowrap: true,
          cell: (row) => (row.of === 0 ? OUTLOOK.none : OUTLOOK.points(row.width.toFixed(1))),
        },
      ]}
    />
  );
}

function percent(share: number | null, digits: number): string {
  return share === null ? OUTLOOK.none : `${(share * 100).toFixed(digits)}%`;
}
