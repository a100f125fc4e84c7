import { siteNotice } from '../app/siteNotice.ts';
import { Notice } from '../design/index.ts';
import { text } from '../text/index.ts';

/** Whether this site sends mails; undefined until it is known. */
export function useSendsMail(): boolean | undefined {
  return siteNotice.value?.sendsMail;
}

/** Says how to get the link of a mail on a site that sends none. */
export function NoMailNotice() {
  return useSendsMail() === false ? <Notice tone="warning">{text.personal.noMail}</Notice> : null;
}
