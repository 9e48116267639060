extension LauncherScript {
    /// What every launcher begins with: which process is meant, and how the output of `exec.d` is read.
    ///
    /// Names begin with `_cnb_`, since a name that is in the environment already would be passed on.
    static let head = #"""
        #!/bin/sh
        # Starts the processes of this app.
        _cnb_type=${0##*/}
        [ "$_cnb_type" != launcher ] || _cnb_type=
        PATH=${PATH#/cnb/process:/cnb/lifecycle:}
        export PATH
        _cnb_newline='
        '
        _cnb_fail() {
            printf '%s\n' "launcher: $1" >&2
            exit 1
        }
        # Appends the character whose number is given in hexadecimal digits.
        _cnb_character() {
            case $1 in *[!0-9A-Fa-f]*) _cnb_fail "'\\u$1' is no character" ;; esac
            _cnb_code=$((0x$1))
            if [ $_cnb_code -lt 128 ]; then
                set -- $_cnb_code
            elif [ $_cnb_code -lt 2048 ]; then
                set -- $((192 + _cnb_code / 64)) $((128 + _cnb_code % 64))
            elif [ $_cnb_code -lt 65536 ]; then
                set -- $((224 + _cnb_code / 4096)) $((128 + _cnb_code / 64 % 64)) $((128 + _cnb_code % 64))
            else
                set -- $((240 + _cnb_code / 262144)) $((128 + _cnb_code / 4096 % 64)) \
                    $((128 + _cnb_code / 64 % 64)) $((128 + _cnb_code % 64))
            fi
            for _cnb_byte; do
                _cnb_octal=$(printf '\\%03o.' "$_cnb_byte")
                _cnb_octal=$(printf "$_cnb_octal")
                _cnb_value=$_cnb_value${_cnb_octal%.}
            done
        }
        # Sets _cnb_value to what a TOML basic string means.
        _cnb_unescape() {
            _cnb_rest=$1
            _cnb_value=
            while :; do
                case $_cnb_rest in
                *\\*) ;;
                *) _cnb_value=$_cnb_value$_cnb_rest; return ;;
                esac
                _cnb_value=$_cnb_value${_cnb_rest%%\\*}
                _cnb_rest=${_cnb_rest#*\\}
                case $_cnb_rest in
                n*) _cnb_value=$_cnb_value$_cnb_newline ;;
                t*) _cnb_value="$_cnb_value	" ;;
                b*) _cnb_character 8 ;;
                f*) _cnb_character c ;;
                r*) _cnb_character d ;;
                \"* | \\*) _cnb_value=$_cnb_value${_cnb_rest%"${_cnb_rest#?}"} ;;
                u????*)
                    _cnb_tail=${_cnb_rest#u????}
                    _cnb_digits=${_cnb_rest%"$_cnb_tail"}
                    _cnb_character "${_cnb_digits#u}"
                    _cnb_rest=u$_cnb_tail
                    ;;
                U????????*)
                    _cnb_tail=${_cnb_rest#U????????}
                    _cnb_digits=${_cnb_rest%"$_cnb_tail"}
                    _cnb_character "${_cnb_digits#U}"
                    _cnb_rest=U$_cnb_tail
                    ;;
                *) _cnb_fail "'\\$_cnb_rest' is no escape of TOML" ;;
                esac
                _cnb_rest=${_cnb_rest#?}
            done
        }
        # Sets _cnb_text without the blanks around it.
        _cnb_trim() {
            _cnb_text=$1
            while :; do
                case $_cnb_text in
                ' '* | '	'*) _cnb_text=${_cnb_text#?} ;;
                *' ' | *'	') _cnb_text=${_cnb_text%?} ;;
                *) return ;;
                esac
            done
        }
        # Sets a variable by a line such as NAME = "value".
        _cnb_take() {
            _cnb_trim "$1"
            case $_cnb_text in
            '' | '#'*) return ;;
            *=*) ;;
            *) _cnb_fail "$2: '$1' is no 'name = \"value\"'" ;;
            esac
            _cnb_right=${_cnb_text#*=}
            _cnb_trim "${_cnb_text%%=*}"
            case $_cnb_text in
            \"*\") _cnb_text=${_cnb_text#\"}; _cnb_text=${_cnb_text%\"} ;;
            esac
            _cnb_name=$_cnb_text
            case $_cnb_name in
            '' | [0-9]* | *[!A-Za-z0-9_]*) _cnb_fail "$2: '$_cnb_name' is no name of a variable" ;;
            esac
            _cnb_trim "$_cnb_right"
            case $_cnb_text in
            \"\"\"* | \'\'\'*) _cnb_fail "$2: '$_cnb_name' has more than one line; write them as '\\n'" ;;
            \"*\") _cnb_text=${_cnb_text#\"}; _cnb_unescape "${_cnb_text%\"}" ;;
            \'*\') _cnb_text=${_cnb_text#\'}; _cnb_value=${_cnb_text%\'} ;;
            *) _cnb_fail "$2: the value of '$_cnb_name' is no string" ;;
            esac
            export "$_cnb_name=$_cnb_value"
        }
        # Runs the programs in a folder, and sets what they write to descriptor 3.
        _cnb_exec() {
            for _cnb_program in "$1"/*; do
                [ -f "$_cnb_program" ] && [ -x "$_cnb_program" ] || continue
                { _cnb_output=$("$_cnb_program" 3>&1 1>&4 4>&-); } 4>&1 || _cnb_fail "'$_cnb_program' failed"
                while [ -n "$_cnb_output" ]; do
                    _cnb_take "${_cnb_output%%"$_cnb_newline"*}" "$_cnb_program"
                    case $_cnb_output in
                    *"$_cnb_newline"*) _cnb_output=${_cnb_output#*"$_cnb_newline"} ;;
                    *) _cnb_output= ;;
                    esac
                done
            done
        }
        _cnb_profile() {
            [ ! -f /workspace/.profile ] || . /workspace/.profile
        }
        # One word is shell text; of several, each is expanded as within double quotes.
        _cnb_shell() {
            if [ $# = 1 ]; then exec /bin/sh -c "$1"; fi
            _cnb_line=exec
            for _cnb_word; do _cnb_line="$_cnb_line \"$_cnb_word\""; done
            exec /bin/sh -c "$_cnb_line"
        }
        cd /workspace || exit 1
        """#

    /// What follows the environment: a command of the user's, or the process.
    static let middle = #"""
        if [ -z "$_cnb_type" ] && [ $# -gt 0 ]; then
            if [ "$1" = -- ]; then
                shift
                [ $# -gt 0 ] || _cnb_fail "no command follows '--'"
                exec "$@"
            fi
            _cnb_profile
            [ $# = 1 ] && exec /bin/sh -c "$1"
            exec "$@"
        fi
        """#
}
