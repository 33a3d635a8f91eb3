/** 导入模板. The shape of one sender's export as data: headers, words, dates, what makes a row and a round. */
import type { Field } from "./fields.ts";

/** Fields whose cells are words with a meaning of ours; anything else in them is refused. */
export type WordField =
  | "rejected"
  | "level"
  | "part"
  | "validCallback"
  | "contacted"
  | "solved"
  | "satisfied";
/** meaning → the words that senders use for it; the first is the one that exports write. */
export type Words = Readonly<Record<string, readonly string[]>>;

export interface Profile {
  readonly name: string;
  readonly zh: string;
  /** First day on which the shape was seen, and where it was read. */
  readonly from: string;
  readonly source: string;
  /** 来路 of tickets of this shape. */
  readonly path: "district" | "directStreet" | "directBureau" | "own";
  /** Channel where the file names none. */
  readonly channel: string;
  /** field → the headers that name it; the first is the one that exports write. */
  readonly fields: Readonly<Partial<Record<Field, readonly string[]>>>;
  /** A file without these columns is not of this shape; a row without them is refused. */
  readonly required: readonly Field[];
  /** Columns by which the shape is told from others that share the common ones. */
  readonly signature: readonly Field[];
  /** Put before the numbers of senders who count 1, 2, 3. */
  readonly numberPrefix: string;
  /** Where the file has no number: prefix and fields that a number is made from. */
  readonly numberFrom: { readonly prefix: string; readonly fields: readonly Field[] } | null;
  /** What makes two rows the same row in two files. */
  readonly rowKey: readonly Field[];
  /** The first of these that is known is when the ticket was received. */
  readonly receivedAt: readonly InstantField[];
  /** Orders the rounds of one ticket. */
  readonly order: readonly Field[];
  /** A row is closed when one of these is filled (unless its state says otherwise). */
  readonly closed: { readonly when: readonly Field[]; readonly kind: ClosingKind };
  /** 工单状态 → words; "closed:reply" names the way of closing too. */
  readonly states: Words;
  /** 解决类型 that changes what a round counts for. */
  readonly resolutions: Readonly<Record<string, { readonly scope: "full" | "responseOnly" | "exempt" }>>;
  readonly dates: readonly string[];
  readonly blank: readonly string[];
  readonly words: Readonly<Record<WordField | "channel", Words>>;
  /** 其它 → 其他, in categories. */
  readonly sameWord: Readonly<Record<string, string>>;
  /** Cut from the front of a place: 海淀区温泉镇 → 温泉镇. */
  readonly prefixes: Readonly<Partial<Record<Field, readonly string[]>>>;
  /** Places that say nothing: 不详. */
  readonly unknownPlace: readonly string[];
}

export type ClosingKind = "reply" | "direct" | "transfer" | "city";
export type InstantField =
  | "receivedAt"
  | "dispatchedAt"
  | "registeredAt"
  | "dueAt"
  | "repliedAt"
  | "closedAt";
