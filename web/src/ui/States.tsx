/** Empty, loading, failed and told: the states that a page has beside its content. */
import { CloseOutlined, ExclamationCircleOutlined, InfoCircleOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";

/** What would be here, and how it comes. */
export function EmptyState(props: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{props.title}</strong>
      {props.children && <p>{props.children}</p>}
      {props.actions && <div className="empty-actions">{props.actions}</div>}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <div className="loading" role="status">
      {what}
    </div>
  );
}

/** What went wrong and what to do, where it went wrong. */
export function Failed(props: { sentence: string; retry?: (() => void) | undefined; retryWord?: string }) {
  return (
    <Notice tone="wrong">
      {props.sentence}{" "}
      {props.retry && (
        <Button size="small" type="link" onClick={props.retry}>
          {props.retryWord ?? "重试"}
        </Button>
      )}
    </Notice>
  );
}

export function Notice(props: {
  tone?: "plain" | "near" | "wrong";
  children: ReactNode;
  onClose?: () => void;
  closeWord?: string;
}) {
  const tone = props.tone ?? "plain";
  return (
    <div className="notice" data-tone={tone} role={tone === "wrong" ? "alert" : "status"}>
      <span className="icon" aria-hidden="true">
        {tone === "plain" ? (
          <InfoCircleOutlined aria-hidden="true" />
        ) : (
          <ExclamationCircleOutlined aria-hidden="true" />
        )}
      </span>
      <div>{props.children}</div>
      {props.onClose && (
        <button
          type="button"
          className="plain-button"
          aria-label={props.closeWord ?? "关闭"}
          onClick={props.onClose}
        >
          <CloseOutlined aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
