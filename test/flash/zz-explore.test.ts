import { test } from 'vitest';
import { makePattern, makeFsbl, makeFip, makeFwuMetadata } from '/work/main/test/image/make.ts';
import { flash, makeBench } from '/work/main/test/flash/harness.ts';
import { bootFiles, layoutText } from '/work/main/test/flash/layouts.ts';
const CARD = makePattern(9 * 2**20 + 4097, 11);
const MP15 = bootFiles('mp15'), MP13 = bootFiles('mp13'), MP25=bootFiles('mp25');
const RAW='P 0x10 sdcard RawImage mmc0 0x0 card.img';
const EMMC='PD 0x10 emmc RawImage mmc1 0x0 card.img';
const NAND=['P 0x04 fsbl Binary(2) nand0 0x0 tf-a.stm32','P 0x05 fip-a1 FIP nand0 0x200000 fip.bin','P 0x06 fip-a2 FIP nand0 0x600000 fip.bin','P 0x10 UBI System nand0 0xA00000 card.img'];
const cases: [string,string,any,string[]][]=[];
const D='stm32mp157c-dk2', E='stm32mp157c-ev1', M13='stm32mp135f-dk', M25='stm32mp257f-ev1';
for (const f of process.env.F ? process.env.F.split(';') : []) cases.push([process.env.P??D, f, process.env.P===M13?MP13:process.env.P===M25?MP25:MP15, (process.env.R==='emmc'?[EMMC]:process.env.R==='nand'?NAND:[RAW])]);
test('x', async()=>{
 for (const [p,f,boot,rows] of cases){
  const bench=makeBench(p,{faults:f===''?[]:[f]});
  const t=Date.now();
  const {result,story,events}=await flash(bench,{layout:layoutText(...boot.rows,...rows),images:{...boot.images,'card.img':CARD}});
  const medium=rows.length>1?bench.board.storage.mtd.get('nand0')!.read(0xa00000,CARD.length): bench.board.storage.mmc.get(process.env.R==='emmc'?1:0)!.read(0,0,CARD.length)
  console.log(JSON.stringify({f,p,ok:result.ok,code:result.code,exit:result.exitCode,msg:result.message,s:result.seconds,stage:bench.board.stage,visible:!!bench.board.connector.visible,equal:medium?Buffer.from(medium).equals(CARD):'absent',wall:Date.now()-t,tail:story.slice(-5)}));
 }
},600000);
