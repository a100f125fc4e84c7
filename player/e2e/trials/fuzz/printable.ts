const shownDepth = 8;

/** An input, shortened for an error message. */
export function printable(input: unknown): string {
  const text = JSON.stringify(shortened(input, 0)) ?? String(input);
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
}

function shortened(value: unknown, depth: number): unknown {
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (typeof value === 'string') return value.length > 300 ? `${value.slice(0, 100)}…(${value.length})` : value;
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? String(value) : value;
  if (depth >= shownDepth) return '…';
  if (Array.isArray(value)) return value.slice(0, 20).map((each) => shortened(each, depth + 1));
  return Object.fromEntries(Object.entries(value).slice(0, 20).map(([key, each]) => [key, shortened(each, depth + 1)]));
}
