/**
 * 搜索与条件. One box for words and for filters: what is typed is searched for, and where it is also the name of a
 * street, a unit, a state … that condition is offered. `/` comes here; what is in force stands beside as chips.
 */
import { CloseOutlined, SearchOutlined } from "@ant-design/icons";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { T } from "../../texts.ts";
import type { Filter } from "../../ui/QueryBar.tsx";

type Values = Readonly<Record<string, string | undefined>>;

interface Offer {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly text: string;
}

const MOST_OFFERS = 9;

export function FilterBox(props: {
  readonly filters: readonly Filter[];
  readonly values: Values;
  readonly onChange: (change: Values) => void;
}) {
  const { filters, values, onChange } = props;
  const words = values.q ?? "";
  const [typed, setTyped] = useState(words);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  useEffect(() => setTyped(words), [words]);
  useHotkeys("slash", (event) => {
    event.preventDefault();
    input.current?.focus();
    input.current?.select();
  });
  const offers = useMemo(() => offersFor(filters, typed), [filters, typed]);
  const search = () => onChange({ q: typed.trim() || undefined });
  const take = (offer: Offer | undefined) => {
    setOpen(false);
    setAt(0);
    if (!offer) return search();
    setTyped(words);
    onChange({ [offer.key]: added(filters, values, offer) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      setAt((old) => Math.min(offers.length, Math.max(0, old + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(open && at > 0 ? offers[at - 1] : undefined);
      if (!open || at === 0) input.current?.blur();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      setTyped(words);
      setOpen(false);
      input.current?.blur();
    } else if (event.key === "Backspace" && typed === "") {
      const last = filters.findLast((filter) => values[filter.key]);
      if (last) onChange({ [last.key]: undefined });
    }
  };
  const shown = open && typed.trim() !== "";
  return (
    <div className="filter-box">
      <SearchOutlined aria-hidden="true" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={T.queue.find}
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown ? `${listId}-${at}` : undefined}
        aria-keyshortcuts="/"
        placeholder={T.queue.findShort}
        maxLength={100}
        autoComplete="off"
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value);
          setOpen(true);
          setAt(0);
          if (e.target.value === "" && words !== "") onChange({ q: undefined });
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setOpen(false);
          if (typed.trim() !== words) search();
        }}
      />
      {typed !== "" && (
        <button
          type="button"
          className="plain-button"
          aria-label={T.tickets.clearFilters}
          onClick={() => {
            setTyped("");
            onChange({ q: undefined });
          }}
        >
          <CloseOutlined aria-hidden="true" style={{ fontSize: 11 }} />
        </button>
      )}
      <div id={listId} role="listbox" aria-label={T.queue.found} className="filter-offers" hidden={!shown}>
        {shown &&
          [null, ...offers].map((offer, i) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the box answers the keys
            <div
              key={offer ? `${offer.key} ${offer.value}` : "words"}
              id={`${listId}-${i}`}
              role="option"
              aria-selected={i === at}
              className="filter-offer"
              onMouseDown={(e) => {
                e.preventDefault();
                take(offer ?? undefined);
              }}
            >
              {offer ? (
                <>
                  <span className="quiet">{offer.label}</span> {offer.text}
                </>
              ) : (
                T.queue.findWords(typed.trim())
              )}
            </div>
          ))}
      </div>
    </div>
  );
}

/** What stands in force, each to be taken off by one press. */
export function FilterChips(props: {
  readonly filters: readonly Filter[];
  readonly values: Values;
  readonly onChange: (change: Values) => void;
}) {
  const inForce = props.filters.filter((filter) => props.values[filter.key]);
  return inForce.map((filter) => (
    <span key={filter.key} className="query-chip">
      {filter.label}：{wordsOf(filter, props.values[filter.key] ?? "")}
      <button
        type="button"
        aria-label={`去掉${filter.label}`}
        onClick={() => props.onChange({ [filter.key]: undefined })}
      >
        <CloseOutlined aria-hidden="true" style={{ fontSize: 10 }} />
      </button>
    </span>
  ));
}

function wordsOf(filter: Filter, value: string): string {
  const text = (one: string) => filter.options?.find((o) => o.value === one)?.label ?? one;
  return filter.many ? value.split(",").map(text).join("、") : text(value);
}

function offersFor(filters: readonly Filter[], typed: string): readonly Offer[] {
  // "街镇：清河" and "街镇 清河" narrow to that kind of condition
  const [head = "", ...more] = typed.trim().split(/[：:\s]+/);
  const named = more.length > 0 ? filters.filter((filter) => filter.label.includes(head)) : [];
  const [within, needle] = named.length > 0 ? [named, more.join(" ")] : [filters, typed.trim()];
  if (needle === "" && named.length === 0) return [];
  const all = within.flatMap((filter) =>
    (filter.options ?? []).map(({ value, label }) => ({
      key: filter.key,
      label: filter.label,
      value,
      text: label,
    })),
  );
  const byLabel = filters.filter((filter) => filter.label === needle).flatMap((filter) => allOf(filter));
  const found = all.filter((offer) => offer.text.includes(needle));
  const begin = found.filter((offer) => offer.text.startsWith(needle));
  return [...new Set([...byLabel, ...begin, ...found])].slice(0, MOST_OFFERS);
}

function allOf(filter: Filter): readonly Offer[] {
  return (filter.options ?? []).map(({ value, label }) => ({
    key: filter.key,
    label: filter.label,
    value,
    text: label,
  }));
}

/** A condition that may hold several values takes one more. */
function added(filters: readonly Filter[], values: Values, offer: Offer): string {
  const now = values[offer.key];
  const many = filters.find((filter) => filter.key === offer.key)?.many;
  if (!many || !now) return offer.value;
  return [...new Set([...now.split(","), offer.value])].join(",");
}
