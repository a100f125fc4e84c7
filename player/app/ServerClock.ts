/**
 * The server's clock, from the `Date` of its responses. The clock of the device may be wrong by days, and can be set while
 * the page is open.
 */
export class ServerClock {
  private offsetMs = 0;

  nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  /** Takes the time of a response. A missing or malformed one changes nothing. */
  set(date: string | null): void {
    const serverMs = Date.parse(date ?? '');
    if (!Number.isNaN(serverMs)) this.offsetMs = serverMs - Date.now();
  }
}

export const serverClock = new ServerClock();
