/** 启用前预览. How many running clocks a draft moves, of whom, which become overdue; each opens its ticket. */
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession, works } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { minuteText } from "../../ui/dates.ts";
import { Notice } from "../../ui/States.tsx";
import { saveAs } from "../../ui/saving.ts";
import { Tag } from "../../ui/Tag.tsx";
import { sayWrong } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import type { Looked, RuleDraft } from "./useRuleDraft.ts";

type Preview = NonNullable<Looked["clocks"]>;
type Group = Preview["byUnit"][number];
type Moved = Preview["first"][number];
const W = ADMIN.preview;
/** Of the groups; the workbook has them all. */
const MOST_GROUPS = 10;

export function RulePreview({ clocks, draft }: { clocks: Preview; draft: RuleDraft }) {
  const session = useSession();
  const book = useMutation({
    mutationFn: async () => {
      const { data } = await http.POST("/api/settings/rules/look.xlsx", { body: draft, parseAs: "blob" });
      if (data instanceof Blob) saveAs(data, `${W.moved}.xlsx`);
    },
    onError: (thrown) => sayWrong(sentenceOf(thrown)),
  });
  const rows: readonly Column<Moved>[] = [
    {
      key: "number",
      title: W.number,
      nowrap: true,
      cell: (r) =>
        works(session) ? (
          <Link to="/tickets/$id" params={{ id: r.ticketId }}>
            {r.number}
          </Link>
        ) : (
          r.number
        ),
    },
    { key: "unit", title: W.unit, nowrap: true, cell: (r) => r.unit || ADMIN.none },
    { key: "kind", title: ADMIN.clock, nowrap: true, cell: (r) => r.kindZh },
    { key: "before", title: W.before, nowrap: true, cell: (r) => minuteText(r.before) },
    {
      key: "after",
      title: W.after,
      nowrap: true,
      cell: (r) => (
        <>
          {minuteText(r.after)} {r.overdue && <Tag tone="overdue">{W.overdue}</Tag>}
        </>
      ),
    },
  ];
  return (
    <section className="rule-preview" aria-label={W.title}>
      <Notice tone={clocks.moved > 0 ? "near" : "plain"}>
        {W.sentence(clocks)}
        {clocks.recent && <p>{W.recent(clocks.recent)}</p>}
      </Notice>
      {clocks.moved > 0 && (
        <>
          <div className="two-columns">
            <WorkTable
              label={W.byClock}
              columns={groupColumns(ADMIN.clock)}
              rows={clocks.byClock}
              rowKey={(r) => r.name}
            />
            <WorkTable
              label={W.byUnit}
              columns={groupColumns(W.unit)}
              rows={clocks.byUnit.slice(0, MOST_GROUPS)}
              rowKey={(r) => r.name}
            />
          </div>
          <WorkTable label={W.moved} columns={rows} rows={clocks.first} rowKey={(r) => r.number + r.kindZh} />
          <p className="quiet">
            {W.shown(clocks.first.length, clocks.moved)}{" "}
            <Button type="link" loading={book.isPending} onClick={() => book.mutate()}>
              {W.all}
            </Button>
          </p>
        </>
      )}
    </section>
  );
}

const groupColumns = (title: string): readonly Column<Group>[] => [
  { key: "name", title, cell: (r) => r.name || ADMIN.none },
  { key: "moved", title: W.moved, nowrap: true, align: "right", cell: (r) => r.moved },
  { key: "earlier", title: W.earlier, nowrap: true, align: "right", cell: (r) => r.earlier },
  { key: "later", title: W.later, nowrap: true, align: "right", cell: (r) => r.later },
  { key: "overdue", title: W.overdue, nowrap: true, align: "right", cell: (r) => r.overdue },
];
