import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Notice } from '../design/index.ts';
import { text } from '../text/index.ts';

/** Whether this site sends mails; undefined until it is known. */
export function useSendsMail(): boolean | undefined {
  return useLoaded((signal) => api.getSite({}, { signal }), []).data?.sendsMail;
}

/** Says where the link of a mail is on a site that sends none. */
export function NoMailNotice() {
  return useSendsMail() === false ? <Notice tone="warning">{text.personal.noMail}</Notice> : null;
}
