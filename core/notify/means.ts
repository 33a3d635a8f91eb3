/** 通知方式. By which means a person is told of something; the only list of them. */
export const MEANS = {
  workbench: { zh: "工作台消息", outward: false },
  email: { zh: "电子邮件", outward: true },
  webhook: { zh: "外发接口", outward: true },
} as const;

export type Means = keyof typeof MEANS;

export function isMeans(value: unknown): value is Means {
  return typeof value === "string" && Object.hasOwn(MEANS, value);
}
