/** 接口样例. Settings that the usual gateways take, to begin with; the addresses are to be completed. */
export interface HookFields {
  readonly url: string;
  readonly method: "POST" | "PUT";
  readonly contentType: string;
  readonly headers: string;
  readonly body: string;
  readonly per: "phone" | "account" | "group";
  readonly sign: "none" | "hmac-sha256" | "hmac-sm3";
  readonly okText: string;
}

const JSON_TYPE = "application/json";

export const PRESETS: readonly { readonly zh: string; readonly fields: HookFields }[] = [
  {
    zh: "企业微信群机器人",
    fields: {
      ...{ url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={密钥}", method: "POST" },
      ...{ contentType: JSON_TYPE, headers: "", per: "group", sign: "none", okText: '"errcode":0' },
      body: '{"msgtype":"text","text":{"content":"{标题}\\n{正文}\\n{链接}"}}',
    },
  },
  {
    zh: "政务微信应用消息",
    fields: {
      ...{ url: "https://政务微信地址/cgi-bin/message/send?access_token={密钥}", method: "POST" },
      ...{ contentType: JSON_TYPE, headers: "", per: "account", sign: "none", okText: '"errcode":0' },
      body: '{"touser":"{账号}","msgtype":"text","agentid":0,"text":{"content":"{标题}\\n{正文}\\n{链接}"}}',
    },
  },
  {
    zh: "短信网关",
    fields: {
      ...{ url: "https://短信网关地址/send", method: "POST", contentType: JSON_TYPE },
      ...{ headers: "", per: "phone", sign: "hmac-sha256", okText: "" },
      body: '{"mobile":"{手机}","content":"【接诉】{标题}：{正文}"}',
    },
  },
];

export const EMPTY_HOOK: HookFields = {
  ...{ url: "", method: "POST", contentType: JSON_TYPE, headers: "", body: "" },
  ...{ per: "phone", sign: "none", okText: "" },
};
