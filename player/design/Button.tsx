import type { ComponentChildren, JSX } from 'preact';
import './Button.css';

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';

interface ButtonLook {
  variant?: ButtonVariant;
  size?: 'normal' | 'large';
  isWide?: boolean;
  class?: string;
  children?: ComponentChildren;
}

type ButtonProps = ButtonLook & { isBusy?: boolean } & Omit<JSX.ButtonHTMLAttributes, 'size' | 'icon' | 'class'>;

/** A button. While `isBusy`, it shows a spinner and is disabled. */
export function Button({ variant, size, isWide, isBusy, class: more, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      class={classOf({ variant, size, isWide, class: more })}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      {...rest}
    >
      {isBusy ? <span class="spinner" aria-hidden="true" /> : null}
      {children}
    </button>
  );
}

type LinkProps = ButtonLook & Omit<JSX.AnchorHTMLAttributes, 'size' | 'class'>;

/** A link that looks like a button. */
export function ButtonLink({ variant, size, isWide, class: more, children, ...rest }: LinkProps) {
  return (
    <a class={classOf({ variant, size, isWide, class: more })} {...rest}>
      {children}
    </a>
  );
}

type IconButtonProps = { label: string; isPressed?: boolean; variant?: ButtonVariant; children: ComponentChildren; class?: string } & Omit<
  JSX.ButtonHTMLAttributes,
  'label' | 'class' | 'icon'
>;

/** A button with only an icon. `label` is its accessible name and tooltip. */
export function IconButton({ label, isPressed, variant = 'quiet', class: more, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`button button--${variant} button--icon ${more ?? ''}`}
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      {...rest}
    >
      {children}
    </button>
  );
}

function classOf({ variant = 'secondary', size, isWide, class: more }: ButtonLook): string {
  const large = size === 'large' ? ' button--large' : '';
  return `button button--${variant}${large}${isWide ? ' button--wide' : ''}${more ? ` ${more}` : ''}`;
}
