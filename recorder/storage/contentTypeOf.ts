const contentTypes: Readonly<Record<string, string>> = {
  m3u8: 'application/vnd.apple.mpegurl',
  mp4: 'video/mp4',
  m4s: 'video/mp4',
  jpg: 'image/jpeg',
  json: 'application/json',
  vtt: 'text/vtt; charset=utf-8',
};

/** The content type of a file of a recording, by its extension and by the name of its folder. */
export function contentTypeOf(key: string): string {
  const type = contentTypes[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return type === 'video/mp4' && /(^|\/)[a-z]+-audio\//.test(key) ? 'audio/mp4' : type;
}
