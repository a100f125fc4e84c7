import { createLogger } from '../../kernel/index.ts';

/** A logger that keeps its lines. */
export function recordingLogger() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ level: 'info', destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) } });
  const find = (msg: string) => lines.filter((line) => line['msg'] === msg);
  return { logger, find };
}
