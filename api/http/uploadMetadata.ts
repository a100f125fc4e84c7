import { RequestError } from './RequestError.ts';

/** The pairs of the header `Upload-Metadata` (tus 1.0 §Upload-Metadata). @throws CodedError `request.invalid` */
export function uploadMetadata(header = ''): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const pair of header.split(',').map((each) => each.trim()).filter(Boolean)) {
    const [, name = '', value = ''] = /^([\x21-\x2b\x2d-\x7e]+)(?: ([A-Za-z0-9+/]*={0,2}))?$/.exec(pair) ?? [];
    if (name === '' || Object.hasOwn(fields, name)) throw new RequestError([{ path: 'Upload-Metadata', message: 'Send names and base64 values, like "filename Zm9v,courseId YmFy".' }]);
    // Not among the fields of an object that has others.
    Object.defineProperty(fields, name, { value: Buffer.from(value, 'base64').toString('utf8'), enumerable: true });
  }
  return fields;
}
