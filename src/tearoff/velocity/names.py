"""Names of months and days, and marks of numbers, by language (Unicode CLDR, as Java 17 has them)."""

from __future__ import annotations

import msgspec


class Names(msgspec.Struct, frozen=True):
    """One language: months as in a date and standing alone, days from Monday, halves of the day, marks of numbers."""

    months_short: tuple[str, ...]
    months: tuple[str, ...]
    lone_months_short: tuple[str, ...]
    lone_months: tuple[str, ...]
    days_short: tuple[str, ...]
    days: tuple[str, ...]
    halves: tuple[str, ...]
    decimal_mark: str
    group_mark: str


_TABLE = """
en
Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec
January,February,March,April,May,June,July,August,September,October,November,December
Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec
January,February,March,April,May,June,July,August,September,October,November,December
Mon,Tue,Wed,Thu,Fri,Sat,Sun
Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday
AM,PM
46,44

uk
січ.,лют.,бер.,квіт.,трав.,черв.,лип.,серп.,вер.,жовт.,лист.,груд.
січня,лютого,березня,квітня,травня,червня,липня,серпня,вересня,жовтня,листопада,грудня
січ,лют,бер,кві,тра,чер,лип,сер,вер,жов,лис,гру
січень,лютий,березень,квітень,травень,червень,липень,серпень,вересень,жовтень,листопад,грудень
пн,вт,ср,чт,пт,сб,нд
понеділок,вівторок,середа,четвер,пʼятниця,субота,неділя
дп,пп
44,160

ru
янв.,февр.,мар.,апр.,мая,июн.,июл.,авг.,сент.,окт.,нояб.,дек.
января,февраля,марта,апреля,мая,июня,июля,августа,сентября,октября,ноября,декабря
янв.,февр.,март,апр.,май,июнь,июль,авг.,сент.,окт.,нояб.,дек.
январь,февраль,март,апрель,май,июнь,июль,август,сентябрь,октябрь,ноябрь,декабрь
пн,вт,ср,чт,пт,сб,вс
понедельник,вторник,среда,четверг,пятница,суббота,воскресенье
AM,PM
44,160

de
Jan.,Feb.,März,Apr.,Mai,Juni,Juli,Aug.,Sept.,Okt.,Nov.,Dez.
Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember
Jan,Feb,Mär,Apr,Mai,Jun,Jul,Aug,Sep,Okt,Nov,Dez
Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember
Mo.,Di.,Mi.,Do.,Fr.,Sa.,So.
Montag,Dienstag,Mittwoch,Donnerstag,Freitag,Samstag,Sonntag
AM,PM
44,46

fr
janv.,févr.,mars,avr.,mai,juin,juil.,août,sept.,oct.,nov.,déc.
janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre
janv.,févr.,mars,avr.,mai,juin,juil.,août,sept.,oct.,nov.,déc.
janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre
lun.,mar.,mer.,jeu.,ven.,sam.,dim.
lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche
AM,PM
44,8239

es
ene,feb,mar,abr,may,jun,jul,ago,sept,oct,nov,dic
enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre
ene,feb,mar,abr,may,jun,jul,ago,sept,oct,nov,dic
enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre
lun,mar,mié,jue,vie,sáb,dom
lunes,martes,miércoles,jueves,viernes,sábado,domingo
a. m.,p. m.
44,46

it
gen,feb,mar,apr,mag,giu,lug,ago,set,ott,nov,dic
gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,novembre,dicembre
gen,feb,mar,apr,mag,giu,lug,ago,set,ott,nov,dic
gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,novembre,dicembre
lun,mar,mer,gio,ven,sab,dom
lunedì,martedì,mercoledì,giovedì,venerdì,sabato,domenica
AM,PM
44,46

pt
jan.,fev.,mar.,abr.,mai.,jun.,jul.,ago.,set.,out.,nov.,dez.
janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro
jan.,fev.,mar.,abr.,mai.,jun.,jul.,ago.,set.,out.,nov.,dez.
janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro
seg.,ter.,qua.,qui.,sex.,sáb.,dom.
segunda-feira,terça-feira,quarta-feira,quinta-feira,sexta-feira,sábado,domingo
AM,PM
44,46

pl
sty,lut,mar,kwi,maj,cze,lip,sie,wrz,paź,lis,gru
stycznia,lutego,marca,kwietnia,maja,czerwca,lipca,sierpnia,września,października,listopada,grudnia
sty,lut,mar,kwi,maj,cze,lip,sie,wrz,paź,lis,gru
styczeń,luty,marzec,kwiecień,maj,czerwiec,lipiec,sierpień,wrzesień,październik,listopad,grudzień
pon.,wt.,śr.,czw.,pt.,sob.,niedz.
poniedziałek,wtorek,środa,czwartek,piątek,sobota,niedziela
AM,PM
44,160

cs
led,úno,bře,dub,kvě,čvn,čvc,srp,zář,říj,lis,pro
ledna,února,března,dubna,května,června,července,srpna,září,října,listopadu,prosince
led,úno,bře,dub,kvě,čvn,čvc,srp,zář,říj,lis,pro
leden,únor,březen,duben,květen,červen,červenec,srpen,září,říjen,listopad,prosinec
po,út,st,čt,pá,so,ne
pondělí,úterý,středa,čtvrtek,pátek,sobota,neděle
dop.,odp.
44,160

ro
ian.,feb.,mar.,apr.,mai,iun.,iul.,aug.,sept.,oct.,nov.,dec.
ianuarie,februarie,martie,aprilie,mai,iunie,iulie,august,septembrie,octombrie,noiembrie,decembrie
ian.,feb.,mar.,apr.,mai,iun.,iul.,aug.,sept.,oct.,nov.,dec.
ianuarie,februarie,martie,aprilie,mai,iunie,iulie,august,septembrie,octombrie,noiembrie,decembrie
lun.,mar.,mie.,joi,vin.,sâm.,dum.
luni,marți,miercuri,joi,vineri,sâmbătă,duminică
a.m.,p.m.
44,46

tr
Oca,Şub,Mar,Nis,May,Haz,Tem,Ağu,Eyl,Eki,Kas,Ara
Ocak,Şubat,Mart,Nisan,Mayıs,Haziran,Temmuz,Ağustos,Eylül,Ekim,Kasım,Aralık
Oca,Şub,Mar,Nis,May,Haz,Tem,Ağu,Eyl,Eki,Kas,Ara
Ocak,Şubat,Mart,Nisan,Mayıs,Haziran,Temmuz,Ağustos,Eylül,Ekim,Kasım,Aralık
Pzt,Sal,Çar,Per,Cum,Cmt,Paz
Pazartesi,Salı,Çarşamba,Perşembe,Cuma,Cumartesi,Pazar
ÖÖ,ÖS
44,46

kk
қаң.,ақп.,нау.,сәу.,мам.,мау.,шіл.,там.,қыр.,қаз.,қар.,жел.
қаңтар,ақпан,наурыз,сәуір,мамыр,маусым,шілде,тамыз,қыркүйек,қазан,қараша,желтоқсан
қаң.,ақп.,нау.,сәу.,мам.,мау.,шіл.,там.,қыр.,қаз.,қар.,жел.
Қаңтар,Ақпан,Наурыз,Сәуір,Мамыр,Маусым,Шілде,Тамыз,Қыркүйек,Қазан,Қараша,Желтоқсан
дс,сс,ср,бс,жм,сб,жс
дүйсенбі,сейсенбі,сәрсенбі,бейсенбі,жұма,сенбі,жексенбі
AM,PM
44,160

bg
яну,фев,март,апр,май,юни,юли,авг,сеп,окт,ное,дек
януари,февруари,март,април,май,юни,юли,август,септември,октомври,ноември,декември
яну,фев,март,апр,май,юни,юли,авг,сеп,окт,ное,дек
януари,февруари,март,април,май,юни,юли,август,септември,октомври,ноември,декември
пн,вт,ср,чт,пт,сб,нд
понеделник,вторник,сряда,четвъртък,петък,събота,неделя
пр.об.,сл.об.
44,160
"""


def _read(lines: list[str]) -> Names:
    months_short, months, lone_short, lone, days_short, days, halves, marks = (tuple(s.split(",")) for s in lines)
    decimal_mark, group_mark = (chr(int(code)) for code in marks)
    return Names(months_short, months, lone_short, lone, days_short, days, halves, decimal_mark, group_mark)


NAMES: dict[str, Names] = {
    lines[0]: _read(lines[1:]) for lines in (block.splitlines() for block in _TABLE.strip().split("\n\n"))
}


def names(language: str | None) -> Names:
    """The names of a language tag such as `uk` or `en-GB`; English where it is not known."""
    return NAMES.get((language or "en").replace("_", "-").split("-")[0].lower(), NAMES["en"])
