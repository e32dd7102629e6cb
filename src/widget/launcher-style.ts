/**
 * The launcher's style, applied as a constructed style sheet inside a shadow root: the clinic's own styles do not
 * reach it, and a strict `style-src` of the page does not forbid it, as it would a <style> element.
 */
export const LAUNCHER_STYLE = `
:host{all:initial;position:fixed;z-index:2147483000;inset:auto 0 0 auto;font:600 16px/1.25 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
:host([data-position=left]){inset:auto auto 0 0}
*{box-sizing:border-box}
.launch{position:fixed;z-index:1;bottom:max(20px,env(safe-area-inset-bottom));right:max(20px,env(safe-area-inset-right));display:flex;align-items:center;justify-content:center;gap:10px;min-width:60px;min-height:60px;max-width:calc(100vw - 40px);margin:0;padding:0 18px;border:1px solid #fff3;border-radius:30px;background:var(--colour);color:var(--text);font:inherit;cursor:pointer;box-shadow:0 1px 2px #0003,0 8px 24px -6px #0006;transition:transform .18s,box-shadow .18s}
:host([data-position=left]) .launch,:host([data-position=left]) .panel{right:auto;left:max(20px,env(safe-area-inset-left))}
.launch:hover{transform:translateY(-2px);box-shadow:0 2px 4px #0003,0 14px 30px -8px #0007}
.launch:active{transform:none}
button:focus-visible{outline:3px solid var(--colour);outline-offset:3px;box-shadow:0 0 0 3px #fff,0 8px 24px -6px #0006}
svg{width:26px;height:26px;flex:none;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.down,.open .up{display:none}
.open .down{display:block}
.open span{display:none}
.open{padding:0}
b{position:absolute;top:-4px;right:-4px;min-width:24px;height:24px;padding:0 7px;border:2px solid #fff;border-radius:14px;background:#b3261e;color:#fff;font:700 13px/20px system-ui,sans-serif;text-align:center}
[hidden]{display:none!important}
.panel{position:fixed;right:20px;bottom:96px;width:400px;max-width:calc(100vw - 40px);height:680px;max-height:calc(100vh - 116px);max-height:calc(100dvh - 116px);border-radius:20px;overflow:hidden;background:#fff;color:#21302f;box-shadow:0 0 0 1px #00000014,0 24px 64px -12px #0006;font-weight:400;animation:rise .22s cubic-bezier(.2,.8,.2,1)}
iframe{position:absolute;inset:0;width:100%;height:100%;border:0;opacity:0;transition:opacity .15s}
:host([data-state=ready]) iframe{opacity:1}
:host([data-state=loading]) .panel::before{content:"";position:absolute;inset:0;width:32px;height:32px;margin:auto;border:3px solid #8886;border-top-color:currentColor;border-radius:50%;animation:turn 1s linear infinite,wait .4s both}
:host([data-state=lost]) .panel{height:auto}
:host([data-state=lost]) iframe{display:none}
p{margin:0;padding:32px;text-align:center}
a{color:inherit}
.greeting{position:fixed;bottom:max(92px,calc(env(safe-area-inset-bottom) + 72px));right:20px;display:flex;align-items:stretch;width:max-content;max-width:min(300px,calc(100vw - 40px));border-radius:18px 18px 6px 18px;background:#fff;color:#21302f;box-shadow:0 0 0 1px #00000014,0 12px 32px -8px #0006;font-weight:400;animation:rise .22s}
:host([data-position=left]) .greeting{right:auto;left:20px;border-radius:18px 18px 18px 6px}
.greeting button{min-width:44px;min-height:44px;margin:0;padding:12px 0 12px 18px;border:0;border-radius:inherit;background:none;color:inherit;font:inherit;text-align:start;cursor:pointer}
.greeting button+button{flex:none;padding:0 8px;font-size:20px;align-self:flex-start}
@keyframes turn{to{rotate:1turn}}
@keyframes wait{0%,99%{visibility:hidden}}
@keyframes rise{from{opacity:0;transform:translateY(12px) scale(.98)}}
@media (prefers-color-scheme:dark){.panel,.greeting{background:#161b1c;color:#e8eceb;box-shadow:0 0 0 1px #ffffff1f,0 24px 64px -12px #000c}}
@media (max-width:480px),(max-height:480px){
:host(:not([data-state=lost])) .panel{inset:0;width:auto;max-width:none;height:auto;max-height:none;border-radius:0;box-shadow:none}
:host([data-state=ready]) .open{display:none}
}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media (forced-colors:active){button,.panel,.greeting{border:2px solid ButtonText}}
@media print{:host{display:none}}
`;
