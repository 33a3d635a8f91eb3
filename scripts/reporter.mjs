// Reports tests by file: one line for a file, every failure in full, every skipped test with its reason, one summary.
import path from "node:path";

const root = path.dirname(import.meta.dirname);

export default async function* report(events) {
  const skipped = [];
  const failures = [];
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") {
      yield data.message;
    } else if (type === "test:pass" && data.skip !== undefined) {
      skipped.push(`  ${nameOf(data)}：${data.skip === true ? "未说明原因" : data.skip}`);
    } else if (type === "test:fail" && isOwnFailure(data)) {
      failures.push(describe(data));
      yield `✗ ${nameOf(data)}\n`;
    } else if (type === "test:summary") {
      yield data.file === undefined ? overall(data, skipped, failures) : fileLine(data);
    }
  }
}

/** A suite or a file that fails only because of what is in it says nothing new. */
function isOwnFailure({ details, todo }) {
  return todo === undefined && details.error?.failureType !== "subtestsFailed";
}

function fileLine({ file, counts, duration_ms, success }) {
  const also = counts.skipped > 0 ? `，跳过 ${counts.skipped}` : "";
  const seconds = (duration_ms / 1000).toFixed(1);
  return `${success ? "✓" : "✗"} ${path.relative(root, file)}  ${counts.passed}/${counts.tests}${also}  ${seconds} 秒\n`;
}

function overall({ counts, duration_ms }, skipped, failures) {
  const lines = [];
  if (skipped.length > 0) {
    lines.push(`跳过 ${skipped.length} 项：`, ...skipped);
  }
  if (failures.length > 0) {
    lines.push(`没有通过 ${failures.length} 项：`, ...failures);
  }
  const seconds = (duration_ms / 1000).toFixed(1);
  const failed = counts.failed + counts.cancelled;
  lines.push(
    `测试 ${counts.tests} 项：通过 ${counts.passed}，失败 ${failed}，跳过 ${counts.skipped}；${seconds} 秒`,
  );
  return `${lines.join("\n")}\n`;
}

function describe(data) {
  const cause = data.details.error?.cause;
  const error = cause instanceof Error ? cause : data.details.error;
  return `\n✗ ${nameOf(data)}\n${indent(error?.stack ?? String(cause ?? error))}${difference(error)}`;
}

function difference(error) {
  if (error === null || typeof error !== "object" || !("expected" in error)) {
    return "";
  }
  return indent(`\n应为：${show(error.expected)}\n实为：${show(error.actual)}`);
}

function show(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, undefined, 1);
  return String(text).slice(0, 2000);
}

function nameOf({ name, file, line }) {
  const where = file === undefined ? "" : `${path.relative(root, file)}:${line ?? 0}  `;
  return `${where}${name}`;
}

function indent(text) {
  return text.replace(/^/gm, "    ");
}
