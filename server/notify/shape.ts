/** 通知通道的字段. What a channel is made of, checked at the door and when it is read again. */
import { unknownFieldsOf } from "@jiesu/core/notify/message.ts";
import { z } from "zod";
import { text } from "../ticket/schema.ts";

const line = (max: number) => text(max).refine((s) => !/[\r\n]/.test(s), "不能换行");
const template = (max: number) =>
  text(max).refine(
    (s) => unknownFieldsOf(s).length === 0,
    "只能用 {标题}{正文}{链接}{姓名}{手机}{账号}{密钥} 这些字段",
  );
/** Address of the workbench, put before the links; "": messages carry none. */
const Site = line(200)
  .regex(/^(https?:\/\/[^\s/]+)?$/, "应如 https://主机，结尾不加斜杠")
  .default("");
const Host = line(253).regex(/^[A-Za-z0-9.:_-]+$/, "应为主机名或 IP 地址");

export const EmailSettings = z.strictObject({
  host: Host,
  port: z.number().int().min(1).max(65_535),
  /** 加密方式: from the first byte, by STARTTLS (required), or none. */
  security: z.enum(["tls", "starttls", "none"]),
  user: line(200).default(""),
  from: line(200).regex(/^[^\s@<>]+@[^\s@<>]+$/, "应为邮件地址"),
  fromName: line(60).default("接诉"),
  inner: z.boolean().default(false),
  site: Site,
});
export type EmailSettings = z.infer<typeof EmailSettings>;

/** Web addresses alone, without an account in them; the secret part is {密钥}. */
const Url = line(1000).refine((url) => {
  const parsed = URL.parse(url.replaceAll("{密钥}", "x"));
  return (
    parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === "" && parsed.hostname !== ""
  );
}, "应以 http:// 或 https:// 开头，且不含账号口令");

export const WebhookSettings = z.strictObject({
  url: Url.refine((s) => unknownFieldsOf(s).length === 0, "地址中的字段有误"),
  method: z.enum(["POST", "PUT"]),
  contentType: line(100).regex(/^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/, "应如 application/json"),
  headers: z
    .array(
      z.strictObject({
        name: line(60).regex(/^[A-Za-z0-9-]+$/, "应为字母、数字、连字符"),
        value: template(500).refine((s) => !/[\r\n]/.test(s), "不能换行"),
      }),
    )
    .max(20)
    .default([]),
  body: template(8000),
  /** One call a person, by telephone number or account; or one a notice, to a group. */
  per: z.enum(["phone", "account", "group"]),
  sign: z.enum(["none", "hmac-sha256", "hmac-sm3"]),
  /** What the answer must hold for the call to have worked, beside a status of 2xx; "": nothing. */
  okText: line(200).default(""),
  inner: z.boolean().default(false),
  site: Site,
});
export type WebhookSettings = z.infer<typeof WebhookSettings>;

const Common = {
  name: line(60).refine((s) => s.trim() !== "", "请填写名称"),
  enabled: z.boolean(),
  /** Absent: as it was; null: none. */
  secret: line(500).nullable().optional(),
};
export const ChannelIn = z.discriminatedUnion("means", [
  z.strictObject({ means: z.literal("email"), ...Common, settings: EmailSettings }),
  z.strictObject({ means: z.literal("webhook"), ...Common, settings: WebhookSettings }),
]);
export type ChannelIn = z.infer<typeof ChannelIn>;

export const ContactIn = z.strictObject({
  email: line(200)
    .regex(/^([^\s@<>,;]+@[^\s@<>,;]+)?$/, "应为邮件地址")
    .default(""),
  phone: line(20)
    .regex(/^(\d{7,15})?$/, "应为电话号码，只写数字")
    .default(""),
  account: line(100).default(""),
});
export type ContactIn = z.infer<typeof ContactIn>;
