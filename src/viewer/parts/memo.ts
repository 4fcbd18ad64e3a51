/** A component that is drawn again only when its props are others: compared one by one, or as `same` says. */
import { Component, h } from 'preact';
import type { ComponentChild, ComponentClass, FunctionComponent } from 'preact';

export function memo<P extends object>(
  Inner: FunctionComponent<P>,
  same: (before: Readonly<P>, after: Readonly<P>) => boolean = sameMembers,
): ComponentClass<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !same(this.props, next);
    }

    override render(): ComponentChild {
      return h(Inner, this.props);
    }
  };
}

function sameMembers(before: object, after: object): boolean {
  const left = Object.entries(before);
  const right = new Map<string, unknown>(Object.entries(after));
  return left.length === right.size && left.every(([name, value]) => Object.is(value, right.get(name)));
}
