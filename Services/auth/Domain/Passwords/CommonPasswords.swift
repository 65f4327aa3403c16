/// Those of the passwords most often found in leaks that are long enough to pass otherwise, in lower case.
enum CommonPasswords {
    static let all: Set<String> = Set(
        """
        00000000 000000000 0000000000 01234567 012345678 0123456789 0987654321 09876543 11111111 111111111 1111111111
        11112222 11223344 1122334455 112233445566 12121212 12123434 123123123 123123123123 12312312 1234554321 12344321
        1234512345 12345678 123456789 1234567890 12345678910 1234567891 12345678a 123456789a 123456789q 123456abc
        1234567a 1234567q 12345qwe 12345qwert 1234abcd 1234qwer 1234qwerty 123654789 123698745 123abc123 123qwe123
        123qweasd 123qweasdzxc 13131313 13579246 135792468 147258369 14789632 147852369 159357456 159753456 18273645
        1a2b3c4d 1password 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 20202020 21212121 22222222
        222222222 23232323 2wsx3edc 31415926 33333333 333333333 44444444 444444444 45454545 55555555 555555555
        66666666 666666666 69696969 77777777 777777777 78787878 7894561230 789456123 87654321 88888888 888888888
        963852741 987654321 9876543210 98765432 99999999 999999999 a1234567 a12345678 a123456789 a1b2c3d4 a1s2d3f4
        aa123456 aa12345678 aaaaaaaa abc12345 abc123456 abcd1234 abcd12345 abcdefgh abcdefghi access14 adgjmptw admin123
        admin1234 admin12345 administrator alexander alexandra america1 anderson andrew123 angelina anthony1 apple123
        asdasdasd asdf1234 asdf12345 asdfasdf asdfgh123 asdfghjk asdfghjkl asdfjkl; asdqwe123 ashley123 azertyuiop
        babygirl babygirl1 baseball baseball1 basketball basketball1 benjamin blahblah blink182 bonjour1 bubbles1 butterfly
        butterfly1 california caroline changeme changeme1 charlie1 charlie123 charlotte chelsea1 chocolate chocolate1
        christian christina christopher computer computer1 consumer cooldude corvette danielle daniel123 diamond1
        dolphin1 dolphins dragon123 drowssap einstein elephant elizabeth fernando ferrari1 firebird florence flower123
        football football1 football123 forever1 freedom1 fuckyou1 fuckyou123 garfield gateway1 godzilla google123
        guitar123 hallo123 hannah123 hardcore hello123 hello1234 helloworld hellokitty heather1 hunter123 iloveyou
        iloveyou1 iloveyou12 iloveyou123 iloveyou2 iloveyou! internet isabella jackson1 jasmine1 jennifer jennifer1
        jessica1 jonathan jordan23 joshua123 junior123 justin123 katherine lakers24 letmein1 letmein123 liverpool
        liverpool1 lollipop london123 loveyou1 lovelove maria123 marlboro master123 matthew1 maverick mercedes michael1
        michael123 michelle michelle1 microsoft midnight monica123 monkey12 monkey123 mustang1 myspace1 naruto123 nicholas
        nicole123 nintendo november olivia123 p@ssw0rd p@ssword pa$$word pa55word pakistan passw0rd passw0rd1 password
        password! password. password0 password01 password1 password1! password10 password11 password12 password123
        password123! password1234 password12345 password2 password21 password3 password4 password5 password7 password9
        passwort passwort1 patricia peanut123 pineapple pokemon1 pokemon123 porsche911 portugal postgres precious
        princess princess1 princess12 princess123 purple123 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx123 qazwsxedc
        qazwsxedcrfv qazxswedc qq123456 qwaszx12 qwe123456 qweasdzxc qweqweqwe qwer1234 qwer12345 qwerqwer qwert123
        qwert12345 qwerty00 qwerty01 qwerty11 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyui qwertyuio
        qwertyuiop qwertyuiop1 rainbow1 rastafari rebecca1 richard1 rockstar rockyou1 samantha samantha1 samsung1
        samsung123 scarface school123 scooby123 scorpion sebastian secret123 september shadow12 shadow123 shopping
        skywalker slipknot snickers snowball soccer12 soccer123 softball somebody southpark spiderman spiderman1
        spongebob starwars starwars1 stephanie steelers student1 student123 summer123 sunflower sunshine sunshine1
        superman superman1 superman123 swordfish teacher1 teacher123 teddybear test1234 test12345 testtest tinkerbell
        tigger123 trustno1 twilight ultimate valentina valentine vanessa1 veronica victoria victoria1 warcraft welcome1
        welcome12 welcome123 whatever whatever1 wildcats winston1 woaini1314 worldcup wrestling xxxxxxxx yamaha123
        yellow123 zaq12wsx zaq1xsw2 zaq1zaq1 zaqxsw123 zxcasdqwe zxcvbnm1 zxcvbnm123 zxcvbnm, zxcvzxcv zzzzzzzz
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
