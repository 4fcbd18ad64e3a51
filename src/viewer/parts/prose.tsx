/** What a model says. It becomes elements of the page one by one, never markup: whatever it says is text. */
import { memo } from './memo.js';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { blocksOf } from '../text/blocks.js';
import type { Block } from '../text/blocks.js';
import { inlinesOf } from '../text/inline.js';
import type { Inline } from '../text/inline.js';
import { Code } from './code.js';

/** Blocks that did not change are not drawn again: of a text that streams, all but the last. */
export const Prose = memo(function Prose({ text, streaming = false }: { text: string; streaming?: boolean }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <div class="prose" data-streaming={streaming}>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
});

const BlockView = memo(
  function BlockView({ block }: { block: Block }) {
    switch (block.kind) {
      case 'paragraph':
        return (
          <p>
            <Inlines text={block.text} />
          </p>
        );
      case 'heading':
        return (
          <p
            class={`heading heading-${Math.min(block.level, 4)}`}
            role="heading"
            aria-level={Math.min(block.level + 3, 6)}
          >
            <Inlines text={block.text} />
          </p>
        );
      case 'code':
        return (
          <Code text={block.text} label={block.language === '' ? 'code' : `${block.language} code`} whole />
        );
      case 'quote':
        return (
          <blockquote>
            <Inlines text={block.text} />
          </blockquote>
        );
      case 'list':
        return (
          <ul class="list">
            {block.items.map((item, index) => (
              <li key={index} class={`depth-${item.depth}`}>
                <span class="marker" aria-hidden={!/\d/.test(item.marker)}>
                  {/\d/.test(item.marker) ? item.marker : '•'}
                </span>
                <span>
                  <Inlines text={item.text} />
                </span>
              </li>
            ))}
          </ul>
        );
      case 'table':
        return (
          <div class="table-scroll" tabIndex={0} role="group" aria-label="table">
            <table>
              <thead>
                <tr>
                  {block.head.map((cell, index) => (
                    <th key={index} scope="col">
                      <Inlines text={cell} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {block.rows.map((row, index) => (
                  <tr key={index}>
                    {row.map((cell, column) => (
                      <td key={column}>
                        <Inlines text={cell} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      case 'rule':
        return <hr />;
      default: {
        const unknown: never = block;
        return unknown;
      }
    }
  },
  (before, after) => JSON.stringify(before.block) === JSON.stringify(after.block),
);

const Inlines = memo(function Inlines({ text }: { text: string }) {
  return <>{inlinesOf(text).map(inline)}</>;
});

function inline(part: Inline, index: number): ComponentChildren {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code key={index}>{part.text}</code>;
    case 'strong':
      return <strong key={index}>{part.children.map(inline)}</strong>;
    case 'em':
      return <em key={index}>{part.children.map(inline)}</em>;
    case 'link':
      return (
        <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.children.map(inline)}
        </a>
      );
    default: {
      const unknown: never = part;
      return unknown;
    }
  }
}
