/** A clock as a bar: how much of its time is used, with the words that say it; colour only repeats them. */
export function ClockBar(props: {
  readonly name: string;
  readonly words: string;
  readonly tone: "plain" | "near" | "overdue";
  readonly until: string;
  /** Share of the time used, 0 to 1 and beyond. */
  readonly used: number;
  /** Where the near-due point lies, as such a share. */
  readonly near: number;
  readonly about?: string;
}) {
  const percent = (share: number) => `${Math.min(100, Math.max(0, share * 100))}%`;
  return (
    <div className="clock" data-tone={props.tone} title={props.about}>
      <div className="clock-words">
        <span>{props.name}</span>
        <strong>{props.words}</strong>
        <span className="quiet">{props.until}</span>
      </div>
      <div className="clock-track" aria-hidden="true">
        <div className="clock-fill" style={{ width: percent(props.used) }} />
        <div className="clock-near" style={{ left: percent(props.near) }} />
      </div>
    </div>
  );
}
