/** The page's whole style: system fonts, light and dark, one column on a phone. */
export const STYLE = `
:root{--ink:#1d2430;--soft:#5b6675;--line:#dfe3e8;--back:#fff;--pale:#f5f7f9;--link:#0b5cad;--get:#0b6e4f;--post:#0b5cad;--patch:#8a5a00;--delete:#b3261e;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#a3aebd;--line:#333c48;--back:#14181e;--pale:#1c222a;--link:#7db8f5;--get:#63cfa4;--post:#7db8f5;--patch:#e3b45c;--delete:#ff9d94}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);background:var(--back);overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--back);padding:.25rem .5rem}
header{border-bottom:1px solid var(--line)}header div{max-width:76rem;margin:0 auto;padding:1rem 1.25rem}header strong{font-size:1.15rem}header span{color:var(--soft)}
.page{display:block;max-width:76rem;margin:0 auto}
nav{padding:.75rem 1.25rem;border-bottom:1px solid var(--line);font-size:.875rem}
nav label{font-weight:600;cursor:pointer;display:block}nav label::before{content:"☰ "}
#menu{position:absolute;opacity:0}#menu:focus-visible+label{outline:2px solid var(--link)}
#menu:not(:checked)~ul{display:none}
nav ul{list-style:none;margin:.25rem 0;padding:0}nav ul ul{margin:0 0 .5rem}
nav a{display:block;padding:.2rem 0;color:var(--ink);text-decoration:none}nav a:hover{color:var(--link);text-decoration:underline}
nav .group>a{font-weight:600;margin-top:.35rem}nav ul ul a{color:var(--soft);display:grid;grid-template-columns:3.6rem 1fr;align-items:baseline}
main{padding:0 1.25rem 4rem;max-width:52rem;min-width:0}
h1{font-size:1.7rem;line-height:1.2;margin:1.5rem 0 .5rem}
h2{font-size:1.35rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:2px solid var(--ink)}
h3{font-size:1.1rem;margin:0 0 .35rem}h4{font-size:.8rem;text-transform:uppercase;letter-spacing:.05em;color:var(--soft);margin:1.1rem 0 .35rem}
h4 small{text-transform:none;letter-spacing:0}
p{margin:.4rem 0}
article{padding:1.5rem 0;border-top:1px solid var(--line)}h2+article{border-top:0;padding-top:.5rem}
code,pre{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:var(--pale);padding:.1em .3em;border-radius:3px}
pre{background:var(--pale);border:1px solid var(--line);border-radius:6px;padding:.75rem;margin:.35rem 0;overflow-x:auto;overflow-wrap:normal}pre code{background:none;padding:0}
.line code{font-size:.95em}.line i{font-style:normal;color:var(--soft)}
.m{font:600 .75rem/1 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.02em}
.GET{color:var(--get)}.POST{color:var(--post)}.PATCH,.PUT{color:var(--patch)}.DELETE{color:var(--delete)}
nav .m{font-size:.68rem}
.scope{font-size:.75rem;font-weight:400;color:var(--soft);border:1px solid var(--line);border-radius:1rem;padding:.1rem .55rem;white-space:nowrap;vertical-align:.1em}
.scope.admin{color:var(--delete);border-color:currentColor}.scope.editor{color:var(--post);border-color:currentColor}
table{width:100%;border-collapse:collapse;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}
th{font-weight:400;width:38%}thead th{font-weight:600}
small{color:var(--soft);font-size:.85em}.req{color:var(--delete);font-weight:600}
.ok{color:var(--get)}.bad{color:var(--soft);font-size:.9rem}
main details{border-bottom:1px solid var(--line);padding:.3rem 0}main summary{cursor:pointer}
ol,ul{padding-left:1.4rem}main li{margin:.25rem 0}
@media (min-width:60rem){
.page{display:grid;grid-template-columns:19rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;border-bottom:0;border-right:1px solid var(--line)}
nav label,#menu{display:none}#menu:not(:checked)~ul{display:block}main{padding:0 2.5rem 6rem}
}
@media (max-width:34rem){
main table,main tbody,main tr,main th,main td{display:block;width:auto}
main thead{display:none}
main th{border-bottom:0;padding-bottom:0}main td{padding-top:.1rem}
}
`;
