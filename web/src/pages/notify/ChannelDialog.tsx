/** 通道的设置. A mail server or a gateway; what is secret is typed in and never shown again. */
import { Button, Checkbox, Input, InputNumber, Select } from "antd";
import { type FormEvent, type ReactNode, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { NOTIFY } from "../../texts/notify.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { EMPTY_HOOK, type HookFields, PRESETS } from "./presets.ts";
import type { Channel, ChannelIn } from "./queries.ts";

const N = NOTIFY;

interface MailFields {
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  readonly user: string;
  readonly from: string;
  readonly fromName: string;
}

const EMPTY_MAIL: MailFields = {
  ...{ host: "", port: 465, security: "tls", user: "", from: "", fromName: "接诉" },
};

export function ChannelDialog(props: {
  readonly means: "email" | "webhook";
  readonly channel: Channel | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { channel, means } = props;
  const kept = channel?.email ?? channel?.webhook;
  const [common, setCommon] = useState({
    ...{ name: channel?.name ?? "", enabled: channel?.enabled ?? false, secret: "" },
    ...{ inner: kept?.inner ?? false, site: kept?.site ?? window.location.origin },
  });
  const [mail, setMail] = useState<MailFields>(channel?.email ?? EMPTY_MAIL);
  const [hook, setHook] = useState<HookFields>(() =>
    channel?.webhook ? { ...channel.webhook, headers: headersText(channel.webhook.headers) } : EMPTY_HOOK,
  );
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { name, enabled, secret, inner, site } = common;
  const written = (): ChannelIn => {
    const head = { name, enabled, ...(secret === "" ? {} : { secret }) };
    return means === "email"
      ? { means, ...head, settings: { ...mail, inner, site } }
      : { means, ...head, settings: { ...hook, headers: headersOf(hook.headers), inner, site } };
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      if (channel === null) await bodyOf(http.POST("/api/notify/channels", { body: written() }));
      else
        await bodyOf(
          http.PUT("/api/notify/channels/{id}", {
            params: { path: { id: channel.id } },
            body: { version: channel.version, channel: written() },
          }),
        );
      say(N.saved);
      props.onDone();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={`${channel ? N.edit : N.add}：${N[means]}`} onClose={props.onClose} width={760}>
      <form className="channel-form" onSubmit={save}>
        {means === "webhook" && channel === null && (
          <Line label={N.preset}>
            {(control) => (
              <Select
                {...control}
                style={{ width: "100%" }}
                value={null}
                options={PRESETS.map((preset) => ({ value: preset.zh, label: preset.zh }))}
                onChange={(zh: string | null) => {
                  const preset = PRESETS.find((each) => each.zh === zh);
                  if (preset) setHook(preset.fields);
                }}
              />
            )}
          </Line>
        )}
        <Text label={N.name} required value={name} onChange={(to) => setCommon({ ...common, name: to })} />
        {means === "email" ? (
          <Mail of={mail} onChange={(to) => setMail({ ...mail, ...to })} />
        ) : (
          <Hook of={hook} onChange={(to) => setHook({ ...hook, ...to })} />
        )}
        <Line
          label={means === "email" ? N.password : N.secret}
          hint={channel?.hasSecret ? N.secretKept : means === "email" ? undefined : N.secretHint}
        >
          {(control) => (
            <Input.Password
              {...control}
              autoComplete="new-password"
              value={secret}
              onChange={(e) => setCommon({ ...common, secret: e.target.value })}
            />
          )}
        </Line>
        <Text
          label={N.site}
          hint={N.siteHint}
          value={site}
          onChange={(to) => setCommon({ ...common, site: to })}
        />
        <div className="whole channel-checks">
          <Checkbox checked={inner} onChange={(e) => setCommon({ ...common, inner: e.target.checked })}>
            {N.inner}
          </Checkbox>
          <span className="quiet">{N.innerHint}</span>
          <Checkbox checked={enabled} onChange={(e) => setCommon({ ...common, enabled: e.target.checked })}>
            {N.enabled}
          </Checkbox>
        </div>
        <div className="whole">{refused && <Notice tone="wrong">{refused}</Notice>}</div>
        <div className="dialog-foot whole">
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {T.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Mail({ of, onChange }: { of: MailFields; onChange: (to: Partial<MailFields>) => void }) {
  return (
    <>
      <Text label={N.host} required value={of.host} onChange={(host) => onChange({ host })} />
      <Line label={N.security}>
        {(control) => (
          <Pick
            {...control}
            value={of.security}
            words={N.securities}
            onChange={(security) => onChange({ security, port: PORTS[security] })}
          />
        )}
      </Line>
      <Line label={N.port} required>
        {(control) => (
          <InputNumber
            {...control}
            min={1}
            max={65_535}
            style={{ width: "100%" }}
            value={of.port}
            onChange={(port) => onChange({ port: port ?? of.port })}
          />
        )}
      </Line>
      <Text label={N.user} hint={N.userHint} value={of.user} onChange={(user) => onChange({ user })} />
      <Text label={N.from} required value={of.from} onChange={(from) => onChange({ from })} />
      <Text label={N.fromName} value={of.fromName} onChange={(fromName) => onChange({ fromName })} />
    </>
  );
}

const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

function Hook({ of, onChange }: { of: HookFields; onChange: (to: Partial<HookFields>) => void }) {
  return (
    <>
      <div className="whole">
        <Text label={N.url} required hint={N.urlHint} value={of.url} onChange={(url) => onChange({ url })} />
      </div>
      <Line label={N.per}>
        {(control) => (
          <Pick {...control} value={of.per} words={N.pers} onChange={(per) => onChange({ per })} />
        )}
      </Line>
      <Line label={N.method}>
        {(control) => (
          <Pick {...control} value={of.method} words={METHODS} onChange={(method) => onChange({ method })} />
        )}
      </Line>
      <Text label={N.contentType} value={of.contentType} onChange={(to) => onChange({ contentType: to })} />
      <Line label={N.sign}>
        {(control) => (
          <Pick {...control} value={of.sign} words={N.signs} onChange={(sign) => onChange({ sign })} />
        )}
      </Line>
      <div className="whole">
        <Area
          label={N.body}
          required
          hint={N.bodyHint}
          value={of.body}
          onChange={(body) => onChange({ body })}
        />
      </div>
      <div className="whole">
        <Area
          label={N.headers}
          hint={N.headersHint}
          value={of.headers}
          onChange={(to) => onChange({ headers: to })}
        />
      </div>
      <Text
        label={N.okText}
        hint={N.okTextHint}
        value={of.okText}
        onChange={(okText) => onChange({ okText })}
      />
    </>
  );
}

const METHODS = { POST: "POST", PUT: "PUT" } as const;

interface Labelled {
  readonly label: string;
  readonly required?: boolean;
  readonly hint?: string | undefined;
}
interface Typed extends Labelled {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Line(props: Labelled & { children: (control: { readonly id: string }) => ReactNode }) {
  return (
    <Field label={props.label} required={props.required} hint={props.hint}>
      {props.children}
    </Field>
  );
}

function Text({ value, onChange, ...label }: Typed) {
  return (
    <Line {...label}>
      {(control) => <Input {...control} value={value} onChange={(e) => onChange(e.target.value)} />}
    </Line>
  );
}

function Area({ value, onChange, ...label }: Typed) {
  return (
    <Line {...label}>
      {(control) => (
        <Input.TextArea
          {...control}
          className="mono"
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Line>
  );
}

function Pick<K extends string>(props: {
  readonly id: string;
  readonly value: K;
  readonly words: Readonly<Record<K, string>>;
  readonly onChange: (value: K) => void;
}) {
  const { words, ...rest } = props;
  return (
    <Select<K>
      {...rest}
      style={{ width: "100%" }}
      options={keysOf(words).map((value) => ({ value, label: words[value] }))}
    />
  );
}

function keysOf<K extends string>(words: Readonly<Record<K, string>>): readonly K[] {
  const isKey = (key: string): key is K => Object.hasOwn(words, key);
  return Object.keys(words).filter(isKey);
}

const headersText = (headers: readonly { name: string; value: string }[]): string =>
  headers.map((h) => `${h.name}: ${h.value}`).join("\n");

function headersOf(text: string): { name: string; value: string }[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const colon = line.indexOf(":");
      return colon < 0
        ? { name: line.trim(), value: "" }
        : { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
    });
}
