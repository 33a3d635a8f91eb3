/** 会话表. Devices with since when and last use; the very one that looks cannot be ended here. */
import { Button } from "antd";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { minuteText } from "../../ui/dates.ts";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";

export interface SignedIn {
  readonly id: string;
  readonly user: {
    readonly login: string;
    readonly name: string;
    readonly rolesZh: readonly string[];
    readonly unit: string;
  };
  readonly device: string;
  readonly address: string;
  readonly since: string;
  readonly lastUse: string;
  readonly mine: boolean;
}

export function SessionTable(props: {
  rows: readonly SignedIn[];
  /** Whether the column of persons is wanted. */
  whose?: boolean;
  onEnd: (session: SignedIn) => void;
}) {
  const columns: Column<SignedIn>[] = [
    ...(props.whose
      ? [
          {
            key: "who",
            title: ADMIN.person,
            nowrap: true,
            cell: (s: SignedIn) => `${s.user.name}（${s.user.login}）`,
          },
          {
            key: "roles",
            title: PEOPLE.roles,
            cell: (s: SignedIn) =>
              [s.user.rolesZh.join("、"), s.user.unit].filter((t) => t !== "").join(" · "),
          },
        ]
      : []),
    { key: "device", title: ADMIN.device, nowrap: true, cell: (s) => s.device || "—" },
    { key: "address", title: ADMIN.address, nowrap: true, cell: (s) => s.address || "—" },
    { key: "since", title: ADMIN.since, nowrap: true, cell: (s) => minuteText(s.since) },
    { key: "last", title: ADMIN.lastUse, nowrap: true, cell: (s) => minuteText(s.lastUse) },
    {
      key: "do",
      title: PEOPLE.actions,
      nowrap: true,
      cell: (s) =>
        s.mine ? (
          <Tag>{ADMIN.thisOne}</Tag>
        ) : (
          <Button
            type="link"
            aria-label={ADMIN.endSessionOf(s.user.name, s.device)}
            onClick={() => props.onEnd(s)}
          >
            {ADMIN.endSession}
          </Button>
        ),
    },
  ];
  return <WorkTable label={ADMIN.sessions} columns={columns} rows={props.rows} rowKey={(s) => s.id} />;
}
