import DOMPurify from 'dompurify';
import { useMemo } from 'preact/hooks';
import './markdown.css';
import { markdownHtml } from './markdownHtml.ts';

/** The elements and attributes that `markdownHtml` writes. Its output is sanitised all the same: a fault of a parser opens no door. */
const allowed = {
  ALLOWED_TAGS: ['p', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code', 'hr', 'br', 'strong', 'em', 'del', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a'],
  ALLOWED_ATTR: ['dir', 'href', 'title', 'target', 'rel', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  // All other attributes have to be addresses.
  ADD_URI_SAFE_ATTR: ['dir', 'target', 'rel', 'start'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** A text of a person, written in Markdown. */
export function Markdown({ children }: { children: string }) {
  const html = useMemo(() => DOMPurify.sanitize(markdownHtml(children), allowed), [children]);
  return <div class="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
}
