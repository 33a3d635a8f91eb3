/** 回访名单. Whom to call, in the order of the rule, each with why it stands there; below, those planned for later. */
import { useEffect } from "react";
import type { CallList, ListedCall } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { EmptyState } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";

export function CallRows(props: {
  readonly list: CallList;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}) {
  const { list, openId } = props;
  useEffect(() => {
    if (openId) document.getElementById(`call-${openId}`)?.scrollIntoView({ block: "nearest" });
  }, [openId]);
  if (list.now.length + list.later.length === 0)
    return <EmptyState title={T.callback.empty}>{T.callback.emptyAbout}</EmptyState>;
  return (
    <div className="ticket-rows scrolls">
      <div
        role="listbox"
        aria-label={T.callback.list}
        tabIndex={0}
        aria-activedescendant={openId ? `call-${openId}` : undefined}
      >
        {list.now.length === 0 && <p className="quiet call-empty">{T.callback.onlyLater}</p>}
        {list.now.map((call, i) => (
          <Row key={call.id} call={call} place={i + 1} {...props} />
        ))}
        {list.later.length > 0 && (
          <p className="call-part" role="presentation">
            {T.callback.later(list.counts.later)}
          </p>
        )}
        {list.later.map((call) => (
          <Row key={call.id} call={call} place={null} {...props} />
        ))}
      </div>
      <footer className="list-foot quiet">
        {T.callback.shown(list.now.length + list.later.length, list.counts.now + list.counts.later)}
        <br />
        {T.callback.order}
      </footer>
    </div>
  );
}

function Row(props: {
  call: ListedCall;
  place: number | null;
  openId: string | undefined;
  onOpen: (id: string) => void;
}) {
  const { call, place } = props;
  const now = useNow();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the desk answers the keys
    <div
      id={`call-${call.id}`}
      role="option"
      aria-selected={call.id === props.openId}
      className="ticket-row call-row"
      onClick={() => props.onOpen(call.id)}
    >
      <div className="ticket-row-top">
        <span className="call-place quiet">{place ?? "·"}</span>
        <span className="ticket-row-title">{call.title || call.excerpt}</span>
        <span className="quiet call-unit">{call.unitName}</span>
      </div>
      <div className="call-why">
        {place === null && call.plannedAt !== null && (
          <Tag tone="mine">{T.callback.laterAt(shortText(call.plannedAt, now))}</Tag>
        )}
        {call.why.map((why) => (
          <Tag key={why.key} tone={why.tone}>
            {why.zh}
          </Tag>
        ))}
      </div>
    </div>
  );
}
