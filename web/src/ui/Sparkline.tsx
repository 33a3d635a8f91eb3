/** A tiny line of a few values, the latest marked; what it shows is said in words beside it for those who cannot see it. */
export function Sparkline(props: {
  /** null where there was none: the line has a gap. */
  readonly values: readonly (number | null)[];
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}) {
  const { values, width = 92, height = 20 } = props;
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return <span className="quiet">—</span>;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (i: number) => 3 + (i * (width - 6)) / Math.max(1, values.length - 1);
  const y = (value: number) =>
    high === low ? height / 2 : height - 3 - ((value - low) / (high - low)) * (height - 6);
  const parts = runsOf(values).map((run) =>
    run.map(([i, value]) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`),
  );
  const last = values.findLastIndex((value) => value !== null);
  return (
    <svg className="sparkline" width={width} height={height} role="img" aria-label={props.label}>
      <title>{props.label}</title>
      {parts.map((points) => (
        <polyline key={points[0]} points={points.join(" ")} />
      ))}
      <circle cx={x(last)} cy={y(values[last] ?? low)} r="2.5" />
    </svg>
  );
}

/** Stretches without a gap. */
function runsOf(values: readonly (number | null)[]): readonly (readonly (readonly [number, number])[])[] {
  const runs: [number, number][][] = [];
  values.forEach((value, i) => {
    if (value === null) return;
    const run = values[i - 1] == null ? undefined : runs.at(-1);
    if (run) run.push([i, value]);
    else runs.push([[i, value]]);
  });
  return runs;
}
