/** Over HTTPS the prefix makes browsers refuse the cookie from an insecure origin (RFC 6265bis §4.1.3.1). */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Secure-${name}` : name;
}
