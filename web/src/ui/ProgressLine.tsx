/** How far a long work has come: a bar, and the same in words. */
export function ProgressLine({ label, done, words }: { label: string; done: number; words?: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, done)) * 100);
  return (
    <div className="progress">
      <div className="progress-words">
        <span>{label}</span>
        <span>{words ?? `${percent}%`}</span>
      </div>
      <div
        className="progress-track"
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}
