type Fields = Readonly<Record<string, unknown>>;

/** The fields that name what a request is about, the most specific first. */
const targetFields = ['videoId', 'lectureId', 'courseId'] as const;

/** What the caller needs a permission for: what the path names. The body counts only where the path names nothing. */
export function permissionTarget(params: unknown, body: unknown): Fields {
  const named = [params, body].map(targetsIn).find((targets) => Object.keys(targets).length > 0);
  return named ?? {};
}

function targetsIn(input: unknown): Fields {
  if (typeof input !== 'object' || input === null) return {};
  const fields = input as Fields;
  return Object.fromEntries(targetFields.filter((field) => fields[field] !== undefined).map((field) => [field, fields[field]]));
}
