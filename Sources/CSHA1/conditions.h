// The unavoidable conditions, for inclusion with CONDITION(i, a, j, b, x, vectors) defined: in every block of an attack
// with one of `vectors`, bit a of expanded word i and bit b of expanded word j are equal (x = 0) or differ (x = 1).
//
// They follow from how the local collisions of a vector must go together in steps 35 ... 64, whatever differential path
// the attacker finds; Stevens and Shumow (2017) computed the full set. Conditions imply one another (equality is
// transitive): these are a smallest set with which the others follow, chosen to share each one among many vectors.
// Some are plain to see: the disturbance of bit 1 in step i moves bit 6 of the word i + 1 to undo it, so the two must
// have opposite signs, that is, the two message bits differ.

// bit 29 is equal in words i and i + 1
CONDITION(40, 29, 41, 29, 0, I_44_0 | I_47_0 | I_48_0 | II_46_0 | II_47_0 | II_56_0)
CONDITION(41, 29, 42, 29, 0, I_45_0 | I_48_0 | I_49_0 | II_47_0 | II_48_0)
CONDITION(42, 29, 43, 29, 0, I_46_0 | I_49_0 | I_50_0 | II_48_0 | II_49_0)
CONDITION(43, 29, 44, 29, 0, I_47_0 | I_50_0 | I_51_0 | II_45_0 | II_49_0 | II_50_0)
CONDITION(44, 29, 45, 29, 0, I_48_0 | I_51_0 | I_52_0 | II_45_0 | II_46_0 | II_50_0 | II_51_0)
CONDITION(45, 29, 46, 29, 0, I_49_0 | I_52_0 | II_46_0 | II_47_0 | II_51_0 | II_52_0)
CONDITION(46, 29, 47, 29, 0, I_43_0 | I_50_0 | II_47_0 | II_48_0 | II_52_0 | II_53_0)
CONDITION(47, 29, 48, 29, 0, I_44_0 | I_51_0 | II_48_0 | II_49_0 | II_53_0 | II_54_0)
CONDITION(48, 29, 49, 29, 0, I_45_0 | I_52_0 | II_49_0 | II_50_0 | II_54_0 | II_55_0)
CONDITION(49, 29, 50, 29, 0, I_46_0 | II_45_0 | II_50_0 | II_51_0 | II_55_0 | II_56_0)
CONDITION(50, 29, 51, 29, 0, I_47_0 | II_46_0 | II_51_0 | II_52_0 | II_56_0)
CONDITION(51, 29, 52, 29, 0, I_48_0 | II_47_0 | II_52_0 | II_53_0)
CONDITION(52, 29, 53, 29, 0, I_49_0 | II_45_0 | II_48_0 | II_53_0 | II_54_0)
CONDITION(53, 29, 54, 29, 0, I_50_0 | II_46_0 | II_49_0 | II_54_0 | II_55_0)
CONDITION(54, 29, 55, 29, 0, I_51_0 | II_47_0 | II_50_0 | II_55_0 | II_56_0)
CONDITION(55, 29, 56, 29, 0, I_52_0 | II_48_0 | II_51_0 | II_56_0)
CONDITION(56, 29, 57, 29, 0, II_49_0 | II_52_0)
CONDITION(57, 29, 58, 29, 0, II_50_0 | II_53_0)
CONDITION(58, 29, 59, 29, 0, II_51_0 | II_54_0)
CONDITION(59, 29, 60, 29, 0, II_52_0)

// bit 4 of word i equals bit 29 of word i + 3
CONDITION(37, 4, 40, 29, 0, I_43_0 | I_47_0 | II_46_0 | II_53_0 | II_55_0)
CONDITION(38, 4, 41, 29, 0, I_44_0 | I_48_0 | II_47_0 | II_54_0 | II_56_0)
CONDITION(39, 4, 42, 29, 0, I_43_0 | I_45_0 | I_49_0 | II_48_0 | II_55_0)
CONDITION(40, 4, 43, 29, 0, I_44_0 | I_46_0 | I_50_0 | II_49_0 | II_56_0)
CONDITION(41, 4, 44, 29, 0, I_43_0 | I_45_0 | I_47_0 | I_51_0 | II_45_0 | II_50_0)
CONDITION(42, 4, 45, 29, 0, I_44_0 | I_46_0 | I_48_0 | I_52_0 | II_46_0 | II_51_0)
CONDITION(43, 4, 46, 29, 0, I_43_0 | I_45_0 | I_47_0 | I_49_0 | II_47_0 | II_52_0)
CONDITION(44, 4, 47, 29, 0, I_44_0 | I_46_0 | I_48_0 | I_50_0 | II_48_0 | II_53_0)
CONDITION(45, 4, 48, 29, 0, I_45_0 | I_47_0 | I_49_0 | I_51_0 | II_49_0 | II_54_0)
CONDITION(46, 4, 49, 29, 0, I_46_0 | I_48_0 | I_50_0 | I_52_0 | II_50_0 | II_55_0)
CONDITION(47, 4, 50, 29, 0, I_47_0 | I_49_0 | I_51_0 | II_45_0 | II_51_0 | II_56_0)
CONDITION(48, 4, 51, 29, 0, I_48_0 | I_50_0 | I_52_0 | II_46_0 | II_52_0)
CONDITION(49, 4, 52, 29, 0, I_49_0 | I_51_0 | II_45_0 | II_47_0 | II_53_0)
CONDITION(50, 4, 53, 29, 0, I_50_0 | I_52_0 | II_46_0 | II_48_0 | II_54_0)
CONDITION(51, 4, 54, 29, 0, I_51_0 | II_47_0 | II_49_0 | II_55_0)
CONDITION(52, 4, 55, 29, 0, I_52_0 | II_48_0 | II_50_0 | II_56_0)
CONDITION(53, 4, 56, 29, 0, II_49_0 | II_51_0)
CONDITION(54, 4, 57, 29, 0, II_50_0 | II_52_0)
CONDITION(55, 4, 58, 29, 0, II_51_0 | II_53_0)
CONDITION(56, 4, 59, 29, 0, II_52_0 | II_54_0)

// bit 4 differs in words i and i + 2
CONDITION(36, 4, 38, 4, 1, II_52_0 | II_54_0)
CONDITION(37, 4, 39, 4, 1, I_43_0 | II_53_0 | II_55_0)
CONDITION(38, 4, 40, 4, 1, I_44_0 | II_54_0 | II_56_0)
CONDITION(39, 4, 41, 4, 1, I_43_0 | I_45_0 | II_55_0)
CONDITION(40, 4, 42, 4, 1, I_44_0 | I_46_0 | II_56_0)
CONDITION(41, 4, 43, 4, 1, I_43_0 | I_45_0 | I_47_0)
CONDITION(42, 4, 44, 4, 1, I_44_0 | I_46_0 | I_48_0)
CONDITION(43, 4, 45, 4, 1, I_45_0 | I_47_0 | I_49_0)
CONDITION(44, 4, 46, 4, 1, I_46_0 | I_48_0 | I_50_0)
CONDITION(45, 4, 47, 4, 1, I_47_0 | I_49_0 | I_51_0)
CONDITION(46, 4, 48, 4, 1, I_48_0 | I_50_0 | I_52_0)
CONDITION(47, 4, 49, 4, 1, I_49_0 | I_51_0 | II_45_0)
CONDITION(48, 4, 50, 4, 1, I_50_0 | I_52_0 | II_46_0)
CONDITION(54, 4, 56, 4, 1, II_52_0)
CONDITION(55, 4, 57, 4, 1, II_53_0)

// bit 1 of word i differs from bit 6 of word i + 1
CONDITION(35, 1, 36, 6, 1, I_46_2 | I_49_2)
CONDITION(36, 1, 37, 6, 1, I_47_2 | I_50_2 | II_46_2)
CONDITION(37, 1, 38, 6, 1, I_48_2 | I_51_2)
CONDITION(38, 1, 39, 6, 1, I_49_2)
CONDITION(39, 1, 40, 6, 1, I_46_2 | I_50_2 | II_49_2)
CONDITION(40, 1, 41, 6, 1, I_47_2 | I_51_2 | II_50_2)
CONDITION(41, 1, 42, 6, 1, I_48_2 | II_46_2 | II_51_2)
CONDITION(42, 1, 43, 6, 1, I_49_2)
CONDITION(44, 1, 45, 6, 1, I_51_2 | II_49_2)
CONDITION(50, 1, 51, 6, 1, II_49_2)
CONDITION(51, 1, 52, 6, 1, II_50_2)
CONDITION(52, 1, 53, 6, 1, II_51_2)
CONDITION(61, 1, 62, 6, 1, I_43_0)
CONDITION(62, 1, 63, 6, 1, I_44_0)
CONDITION(63, 1, 64, 6, 1, I_45_0 | II_45_0)

// bit 6 is equal in words i and i + 2
CONDITION(40, 6, 42, 6, 0, I_46_2)
CONDITION(41, 6, 43, 6, 0, I_47_2)
CONDITION(42, 6, 44, 6, 0, I_46_2 | I_48_2)
CONDITION(43, 6, 45, 6, 0, I_47_2 | I_49_2)
CONDITION(44, 6, 46, 6, 0, I_46_2 | I_48_2 | I_50_2)
CONDITION(45, 6, 47, 6, 0, I_47_2 | I_49_2 | I_51_2)
CONDITION(46, 6, 48, 6, 0, I_48_2 | I_50_2)
CONDITION(47, 6, 49, 6, 0, I_49_2 | I_51_2)
CONDITION(48, 6, 50, 6, 0, I_50_2 | II_46_2)
CONDITION(49, 6, 51, 6, 0, I_51_2)
CONDITION(51, 6, 53, 6, 0, II_49_2)
CONDITION(52, 6, 54, 6, 0, II_50_2)
CONDITION(53, 6, 55, 6, 0, II_51_2)

// bit 4 of word i equals bit 29 of word i + 4
CONDITION(35, 4, 39, 29, 0, I_45_0 | I_48_0 | II_47_0)
CONDITION(36, 4, 40, 29, 0, I_46_0 | I_49_0 | II_45_0 | II_48_0)
CONDITION(37, 4, 41, 29, 0, I_50_0 | II_49_0)
CONDITION(38, 4, 42, 29, 0, I_51_0 | II_50_0)
CONDITION(39, 4, 43, 29, 0, I_52_0 | II_51_0)
CONDITION(40, 4, 44, 29, 0, II_52_0)
CONDITION(41, 4, 45, 29, 0, II_53_0)
CONDITION(42, 4, 46, 29, 0, II_54_0)
CONDITION(43, 4, 47, 29, 0, II_55_0)
CONDITION(44, 4, 48, 29, 0, II_56_0)
CONDITION(58, 4, 62, 29, 0, II_54_0)
CONDITION(59, 4, 63, 29, 0, II_55_0)
CONDITION(60, 4, 64, 29, 0, II_56_0)

// bit 0 of word i differs from bit 5 of word i + 1
CONDITION(36, 0, 37, 5, 1, II_49_2)
CONDITION(37, 0, 38, 5, 1, II_50_2)
CONDITION(38, 0, 39, 5, 1, II_51_2)
CONDITION(58, 0, 59, 5, 1, I_43_0)
CONDITION(59, 0, 60, 5, 1, I_44_0)
CONDITION(60, 0, 61, 5, 1, I_45_0 | II_45_0)
CONDITION(61, 0, 62, 5, 1, I_46_0 | II_46_0)
CONDITION(62, 0, 63, 5, 1, I_47_0 | II_47_0)
CONDITION(63, 0, 64, 5, 1, I_48_0 | II_48_0)

// bit 3 of word i equals bit 28 of word i + 4
CONDITION(35, 3, 39, 28, 0, I_51_0 | II_47_0)
CONDITION(36, 3, 40, 28, 0, II_48_0)
CONDITION(37, 3, 41, 28, 0, II_49_0)
CONDITION(38, 3, 42, 28, 0, II_50_0)
CONDITION(39, 3, 43, 28, 0, II_51_0)
CONDITION(40, 3, 44, 28, 0, II_52_0)
CONDITION(41, 3, 45, 28, 0, II_53_0)
CONDITION(42, 3, 46, 28, 0, II_54_0)
CONDITION(43, 3, 47, 28, 0, II_55_0)
CONDITION(44, 3, 48, 28, 0, II_56_0)

// bit 1 differs in words i and i + 2
CONDITION(38, 1, 40, 1, 1, I_49_2)
CONDITION(39, 1, 41, 1, 1, I_50_2 | II_49_2)
CONDITION(40, 1, 42, 1, 1, I_51_2 | II_50_2)
CONDITION(41, 1, 43, 1, 1, II_46_2 | II_51_2)
CONDITION(44, 1, 46, 1, 1, II_49_2)
CONDITION(45, 1, 47, 1, 1, II_50_2)
CONDITION(46, 1, 48, 1, 1, II_51_2)

// bit 29 differs in words i and i + 3
CONDITION(52, 29, 55, 29, 1, I_51_0 | II_47_0 | II_48_0)
CONDITION(53, 29, 56, 29, 1, I_52_0 | II_49_0)
CONDITION(55, 29, 58, 29, 1, II_50_0 | II_51_0)
CONDITION(58, 29, 61, 29, 1, II_53_0)

// bit 5 of word i equals bit 30 of word i + 4
CONDITION(35, 5, 39, 30, 0, I_51_2)
CONDITION(37, 5, 41, 30, 0, II_49_2)
CONDITION(38, 5, 42, 30, 0, II_50_2)
CONDITION(39, 5, 43, 30, 0, II_51_2)
CONDITION(59, 5, 63, 30, 0, I_43_0)
CONDITION(60, 5, 64, 30, 0, I_44_0)

// bit 6 of word i equals bit 1 of word i + 1
CONDITION(46, 6, 47, 1, 0, I_46_2 | II_50_2)
CONDITION(47, 6, 48, 1, 0, I_47_2 | II_51_2)
CONDITION(50, 6, 51, 1, 0, I_50_2 | II_46_2)

// bit 30 of word i differs from bit 3 of word i + 1
CONDITION(35, 30, 36, 3, 1, II_48_0)
CONDITION(36, 30, 37, 3, 1, II_49_0)
CONDITION(37, 30, 38, 3, 1, II_50_0)
CONDITION(38, 30, 39, 3, 1, II_51_0)
CONDITION(39, 30, 40, 3, 1, II_52_0)

// bit 1 differs in words i and i + 4
CONDITION(47, 1, 51, 1, 1, II_46_2)
CONDITION(50, 1, 54, 1, 1, II_49_2)
CONDITION(51, 1, 55, 1, 1, II_50_2)
CONDITION(52, 1, 56, 1, 1, II_51_2)

// bit 1 differs in words i and i + 8
CONDITION(41, 1, 49, 1, 1, I_48_2)
CONDITION(42, 1, 50, 1, 1, I_49_2)
CONDITION(43, 1, 51, 1, 1, I_50_2)
CONDITION(44, 1, 52, 1, 1, I_51_2)

// bit 2 of word i differs from bit 7 of word i + 1
CONDITION(61, 2, 62, 7, 1, I_46_2 | II_46_2)
CONDITION(62, 2, 63, 7, 1, I_47_2)
CONDITION(63, 2, 64, 7, 1, I_48_2)

// bit 4 differs in words i and i + 1
CONDITION(36, 4, 37, 4, 1, I_50_0)
CONDITION(37, 4, 38, 4, 1, I_51_0)
CONDITION(38, 4, 39, 4, 1, I_52_0)

// bit 4 of word i equals bit 29 of word i + 2
CONDITION(57, 4, 59, 29, 0, II_55_0)

// bit 6 differs in words i and i + 1
CONDITION(37, 6, 38, 6, 1, I_51_2)
