"""Which first names are men's and which women's: the common ones of news in English. Closed lists."""

_MEN = """
aaron abdul adam adrian ahmed aidan alan albert alejandro alex alexander alexei alfred ali allan allen andre andrei
andrew andy angus anthony antonio antony arthur austin barack barry ben benjamin bernard bernie bill billy bob
bobby boris brad bradley brandon brendan brett brian bruce bryan calvin cameron carl carlos casey cesar charles
charlie chris christian christopher chuck clarence clement cliff colin conor craig cristiano curtis dale damian
damien dan daniel danny darren darryl dave david dean declan dennis derek desmond diego dick dmitry dmytro dominic
don donald doug douglas drew duncan dwayne dylan earl ed eddie edgar eduardo edward edwin elias elijah elon
emmanuel enrique eric erik ernest ethan eugene evan felix fernando francis francisco frank franklin fred frederick
gabriel gareth gary gavin gene geoff geoffrey george gerald gerard gideon gilbert glen glenn gordon graham grant
greg gregory gustavo guy hakeem hal hank harald harold harry harvey hassan hector henry herbert herman howard hugh
hugo hussein ian ibrahim igor imran isaac ivan jack jackson jacob jaime jair jake jamal james jamie jason javier
jay jean jeff jeffrey jeremy jerome jerry jesse jesus jim jimmy joe joel joey johan john johnny jon jonathan jordan
jorge jose josep joseph josh joshua juan julian julio justin karl keith ken kenneth kevin kieran kurt kyle lance
larry lawrence lee leo leon leonard leonardo lewis liam lionel lloyd logan louis lucas luis luiz luke malcolm
manuel marc marcel marco marcus mario mark marshall martin marvin mason matt matteo matthew maurice max michael
miguel mike mikhail mitch mitt mohamed mohammad mohammed muhammad nathan nathaniel neal neil nelson nicholas nick
nicolas nigel noah norman oleg oliver omar oscar owen pablo patrick paul pedro pete peter phil philip phillip
pierre piers rafael ralph ramon randy raphael raul ray raymond ricardo richard rick ricky rishi rob robbie robert
roberto rod rodney roger roland roman ron ronald ronnie rory ross roy ruben rudy rupert russell ryan salman
salvador sam samuel scott sean sebastian sergei sergey sergio seth shane shaun shawn sidney simon spencer stan
stanley stefan stephen steve steven stewart stuart tariq ted terence terry thaddeus theodore thomas tim timothy
toby todd tom tommy tony travis trevor tyler vernon victor vince vincent vladimir volodymyr wade wallace walter
warren wayne wesley will william winston xi yevgeny yusuf zachary
"""
_WOMEN = """
abigail ada adele agnes aisha alexandra alexandria alexis alice alicia alison allison alyssa amanda amber amelia
amy ana andrea angela angelina anita ann anna annabel anne annette annie antonia april ariana ashley audrey barbara
beatrice becky belinda bernadette beth bethany betty beverly beyonce bonnie brenda bridget britney brittney brooke
camilla candace carmen carol carole caroline carolyn carrie catherine cathy cecilia celia charlene charlotte
chelsea cheryl christina christine cindy claire clara claudia colleen connie cynthia daisy danielle dawn deborah
debbie deb denise diana diane dianne dolores donna dora doris dorothy edith eileen elaine eleanor elena elisabeth
elise eliza elizabeth ella ellen elsa emily emma erica erika erin esther eva eve evelyn faith fatima felicia fiona
florence frances gabriela gabrielle gemma georgia georgina geraldine gina giorgia giselle gladys glenda gloria
grace greta gwen gwyneth hailey hannah harriet hazel heather heidi helen helena henrietta hillary holly ida imelda
imogen ines ingrid irene iris isabel isabella isla ivanka ivy jacinda jackie jacqueline jada jane janelle janet
janice jasmine jeanette jeanne jen jenna jennifer jenny jessica jill jo joan joanna joanne jocelyn jodie josephine
joy joyce judith judy julia juliana julie june justine kaitlyn kamala karen karine kate katherine kathleen kathryn
kathy katie katrina katy kayla kelly kendall kerry khloe kim kimberly kirsten kirsty kristen kristin kristina lara
laura lauren laurie leah leila leslie lily linda lindsay lisa liz liza lois lola lorraine louise lucia lucy lydia
lynn mackenzie madeleine madison maggie mandy marcia margaret maria mariah marie marina marion marissa marjorie
martha mary maureen megan meghan melania melanie melissa meredith michelle mildred miranda miriam molly monica
nadia nancy naomi natalia natalie natasha nicola nicole nikki nina nora norma odile olena olga olivia pamela
patricia paula pauline peggy penelope petra phyllis pippa priscilla priyanka rachel rebecca regina renee rhonda
rihanna rita roberta rosa rosalind rose rosemary roxanne ruth sabrina sally samantha sandra sara sarah savannah
selena serena shannon sharon sheila shirley shakira simone sofia sonia sophia sophie stacey stacy stella stephanie
sue susan susanna suzanne sybil sylvia tamara tammy tanya tara taylor teresa tessa theresa tiffany tina tracy
ursula valentina valerie vanessa vera veronica victoria viola violet virginia vivian wanda wendy whitney whoopi
winifred yasmin yolanda yvette yvonne zara zoe
"""
MEN = frozenset(_MEN.split())
WOMEN = frozenset(_WOMEN.split())
_MEN_IN_A = """
joshua luca nikita ilya misha sasha ezra elisha mustafa moustafa abdalla abdullah costa garcia silva andrea
mitsuhiro akira shota kenta yuta sota raza musa isa mica micah dana gianluca attila bela geza juha jukka pekka mika
esa bola femi tunde kola bubba santa dalai obama china russia india africa america australia california florida
"""
MEN_IN_A = frozenset(_MEN_IN_A.split())
"""Names in -a that are not women's, as others are in most of the news; and places."""
