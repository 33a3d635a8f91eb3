/** A refusal or failure of the server, with the Chinese sentence to show as it is. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, detail: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** The sentence to show for anything that was thrown; our own mistakes get a plain one. */
export function sentenceOf(thrown: unknown): string {
  if (thrown instanceof Problem) return thrown.message;
  return "页面出现问题，请刷新后重试；已填写的内容会保留。";
}
