/** 范围条. A range on a common scale, its middle and where one stands now, told in words too; nothing hangs on a colour. */
export function RangeBar(props: {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly now: number | null;
  /** Both ends of the scale, which all rows of a table share. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
}) {
  const x = (value: number) =>
    props.to > props.from
      ? PAD + ((value - props.from) / (props.to - props.from)) * (WIDTH - 2 * PAD)
      : WIDTH / 2;
  const [low, high] = [x(props.low), x(props.high)];
  return (
    <svg className="range-bar" width={WIDTH} height={HEIGHT} role="img" aria-label={props.label}>
      <title>{props.label}</title>
      <line className="range-scale" x1={PAD} x2={WIDTH - PAD} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <rect
        className="range-span"
        x={low}
        width={Math.max(2, high - low)}
        y={HEIGHT / 2 - 4}
        height={8}
        rx={2}
      />
      <line className="range-middle" x1={x(props.middle)} x2={x(props.middle)} y1={2} y2={HEIGHT - 2} />
      {props.now !== null && <circle className="range-now" cx={x(props.now)} cy={HEIGHT / 2} r={3} />}
    </svg>
  );
}

const WIDTH = 190;
const HEIGHT = 18;
const PAD = 5;
