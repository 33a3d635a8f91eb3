/** PostgreSQL 参数. What the embedded server is started with: two cores, four gigabytes, and nothing acknowledged is lost. */
import fs from "node:fs";
import { totalmem } from "node:os";

export type Settings = Readonly<Record<string, string>>;

const GB = 1024 ** 3;

export function settingsFor(memoryBytes = totalmem()): Settings {
  return {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "", // a data directory may be deeper than a socket's 107 bytes
    max_connections: "60",
    shared_buffers: memoryBytes < 3 * GB ? "128MB" : "256MB",
    effective_cache_size: `${Math.max(1, Math.floor(memoryBytes / GB / 2))}GB`,
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    dynamic_shared_memory_type: sharedMemory(),
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    wal_compression: "on",
    min_wal_size: "256MB",
    max_wal_size: "2GB",
    checkpoint_timeout: "10min",
    random_page_cost: "1.1",
    jit: "off",
    autovacuum_vacuum_scale_factor: "0.05",
    autovacuum_analyze_scale_factor: "0.02",
    timezone: "UTC",
    log_timezone: "Asia/Shanghai",
    logging_collector: "on",
    log_directory: "log",
    log_filename: "postgresql-%a.log",
    log_truncate_on_rotation: "on",
    // A statement or a failing row may hold a requester's words: neither is logged.
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_parameter_max_length_on_error: "0",
    log_statement: "none",
  };
}

/** Containers give /dev/shm 64 MB, and a chroot none: a parallel query would fail there. */
function sharedMemory(): string {
  if (process.platform === "win32") return "windows";
  try {
    const { bsize, bavail } = fs.statfsSync("/dev/shm");
    fs.accessSync("/dev/shm", fs.constants.W_OK);
    return bsize * bavail >= GB / 4 ? "posix" : "mmap";
  } catch {
    return "mmap";
  }
}
