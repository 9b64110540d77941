import { identityNumberFor } from '#libs/kernel';
import type { Random } from './random';

/** An invented person. Nobody of this name and number exists but by chance. */
export type Person = Readonly<{ identityKind: string; identityNumber: string; name: string; birthDate: string }>;

const SURNAMES = Array.from(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎' +
    '余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
);
const GIVEN = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉志建国文辉力民永健世广义兴良海山仁波宁福生龙元全胜学祥才发武新利清飞彬富顺信子',
);
// Outside the common sets, three of them beyond the BMP: names like these are why temporary cards exist.
const RARE = ['𠅤', '㛃', '𬴊', '堃', '龑', '𩽾'];
const LATIN_GIVEN = ['ANNA', 'JOHN', 'MARIA', 'PETER', 'SOFIA', 'IVAN', 'HANS', 'YUKI'];
const LATIN_SURNAMES = ['MUELLER', 'SMITH', 'IVANOVA', 'TANAKA', 'KIM', 'ROSSI', 'NGUYEN', 'DUBOIS'];

const two = (value: number): string => String(value).padStart(2, '0');
const digits = (value: number, places: number): string => String(value).padStart(places, '0').slice(-places);

const hanName = (random: Random): string =>
  random.pick(SURNAMES) + (random.chance(0.004) ? random.pick(RARE) : random.pick(GIVEN)) + (random.chance(0.75) ? random.pick(GIVEN) : '');

const bornIn = (random: Random, [from, until]: readonly [number, number]): string =>
  `${random.between(from, until)}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;

/** Where and how a number is made up: `index` is different for every person of a division, so that no two numbers are the same. */
export type Origin = Readonly<{ division: string; index: number; bornBetween: readonly [number, number] }>;

/** A citizen with a number that passes the check of GB 11643. */
export const citizen = (random: Random, { division, index, bornBetween }: Origin): Person => {
  // Index and birth date together are unique: the three digits run through 001–999 and the day moves on each time they start again.
  const year = random.between(bornBetween[0], bornBetween[1]);
  const birthDate = `${year}-${two(random.between(1, 12))}-${two(1 + (Math.floor(index / 999) % 28))}`;
  return {
    identityKind: '01',
    identityNumber: identityNumberFor(division, birthDate, digits(1 + (index % 999), 3)),
    name: hanName(random),
    birthDate,
  };
};

/** A holder with another document: passport, permits of Hong Kong, Macao and Taiwan residents, residence permit, permanent residence card. */
export const otherPerson = (random: Random, { index, bornBetween }: Origin): Person => {
  const birthDate = bornIn(random, bornBetween);
  const latin = `${random.pick(LATIN_GIVEN)} ${random.pick(LATIN_SURNAMES)}`;
  const number = digits(index, 8);
  const kinds: readonly Person[] = [
    { identityKind: '08', identityNumber: `E${number}`, name: latin, birthDate },
    { identityKind: '04', identityNumber: `H${number}`, name: hanName(random), birthDate },
    { identityKind: '05', identityNumber: `M${number}`, name: hanName(random), birthDate },
    { identityKind: '06', identityNumber: number, name: hanName(random), birthDate },
    {
      identityKind: '17',
      identityNumber: identityNumberFor(random.pick(['810000', '820000', '830000']), birthDate, digits(1 + (index % 999), 3)),
      name: hanName(random),
      birthDate,
    },
    { identityKind: '07', identityNumber: `USA${digits(370_000_000_000 + index, 12)}`, name: latin, birthDate },
  ];
  return kinds[index % kinds.length] as Person;
};
